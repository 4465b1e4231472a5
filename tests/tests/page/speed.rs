//! How long the page takes to judge a delivery: the page's own build, in a browser.

use tests::browser::{Browser, page};
use tests::pushbox::{CONFIG, Place};

use crate::form::open;

/// A push of 50 commits, as the bench of the judgement has it.
#[allow(dead_code, reason = "the bench measures more of them")]
#[path = "../../../shared/webhook/benches/webhook/deliveries.rs"]
mod deliveries;

/// Milliseconds, the fastest of many.
const BAR: f64 = 1.0;

#[tokio::test]
async fn a_push_of_fifty_commits_is_judged_within_a_millisecond() {
    let Some(page) = page() else { return };
    let place = Place::new();
    place.write("pushbox.json", CONFIG);
    let (_local, browser) = open(&place, &page).await;
    browser.click("open-import").await;
    browser.paste("import-text", CONFIG).await;
    browser.click("import-take").await;
    browser.unfold("tryout").await;
    browser.fill("tryout-secret", deliveries::SECRET).await;
    let small = fastest(&browser, 50).await;
    println!("judged in {small:.2} ms");
    assert!(small < BAR, "{small} ms");
    let large = fastest(&browser, 1_000).await;
    assert!(
        large > 5.0 * small,
        "{large} ms for twenty times as much: the clock stands beside the judgement"
    );
    browser.close().await;
}

/// Of many judgements, in milliseconds.
async fn fastest(browser: &Browser, commits: usize) -> f64 {
    let body = deliveries::github("a push", commits).request.body;
    browser.paste("tryout-body", &String::from_utf8(body).expect("it is JSON")).await;
    browser.click("tryout-sign").await;
    browser.click("tryout-run").await;
    assert_eq!(browser.await_text("tryout-status", |text| !text.is_empty()).await, "202");
    // The click judges before it returns; what is shown of it is drawn later.
    let times = "return (async () => {
        const times = [];
        for (let round = 0; round < 40; round += 1) {
            const start = performance.now();
            document.getElementById('tryout-run').click();
            times.push(performance.now() - start);
            await new Promise(requestAnimationFrame);
        }
        return Math.min(...times);
    })();";
    browser.run(times, vec![]).await.as_f64().expect("a time")
}
