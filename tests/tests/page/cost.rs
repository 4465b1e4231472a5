//! What a month costs: the page says what the command line says, and follows the form.

use tests::browser::page;
use tests::pushbox::Place;

use crate::form::open;

/// Label, amount and what it assumes, without what lies between them.
fn row_as_shown(row: &str) -> String {
    row.split("  ").map(str::trim).collect()
}

#[tokio::test]
async fn the_bill_is_that_of_the_command_line_and_follows_the_form() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.unfold("cost").await;
    let before = browser.await_text("cost-total", |text| text.ends_with("always on")).await;
    browser.fill("repo.url", "https://github.com/usil/foo").await;
    browser.unfold("box.types").await;
    browser.fill("box.types", "t3a.micro").await;
    browser.fill("box.disk_gb", "20").await;
    browser.await_text("cost-disk", |text| text.contains("20 GB")).await;
    let total = browser.await_text("cost-total", |text| text != before).await;

    browser.click("export").await;
    place.write("pushbox.json", browser.download("pushbox.json").await);
    let said = place.output(&["cost"]);
    for part in ["cost-machine", "cost-disk", "cost-address", "cost-out", "way-lightsail", "way-article"] {
        let shown = browser.text(part).await;
        assert!(said.lines().any(|row| row_as_shown(row) == shown), "{shown}\n{said}");
    }
    let amount = total.split(' ').next().expect("an amount");
    assert!(said.lines().any(|row| row_as_shown(row) == format!("A month{amount}")), "{said}{total}");
    let verdict = browser.text("cost-verdict").await;
    assert!(verdict.contains("Lightsail") && said.contains(&verdict), "{verdict}");
    browser.close().await;
}

#[tokio::test]
async fn asleep_it_is_cheaper_by_the_hours_that_a_person_says() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.unfold("cost").await;
    browser.await_text("cost-total", |text| text.ends_with("always on")).await;
    browser.unfold("sleep.after_idle_minutes").await;
    browser.fill("sleep.after_idle_minutes", "15").await;
    let asleep = browser.await_text("cost-total", |text| text.ends_with("asleep when nobody comes")).await;
    let labels =
        "return ['cost-hours', 'cost-fetched'].map((id) => document.getElementById(id).labels.length)";
    assert_eq!(browser.run(labels, vec![]).await, serde_json::json!([1, 1]));
    // By keyboard, as everything else.
    browser.element("cost-hours").await.send_keys("\u{e010}").await.expect("the key End");
    let awake = browser.await_text("cost-total", |text| text != asleep).await;
    let amount = awake.split(' ').next().expect("an amount");
    let way = format!("This box, asleep when nobody comes, as in the form{amount}730 h a month; ");
    assert!(browser.text("way-asleep").await.starts_with(&way), "730 hours are all");
    browser.element("cost-hours").await.send_keys("\u{e011}").await.expect("the key Home");
    browser.await_text("cost-machine", |text| text.contains("0 h of ") && text.contains("$0.00")).await;
    browser.close().await;
}

#[tokio::test]
async fn a_type_without_a_price_says_what_to_enter_and_the_price_counts() {
    let Some(page) = page() else { return };
    let place = Place::new();
    let (_local, browser) = open(&place, &page).await;
    browser.unfold("cost").await;
    browser.element("cost-total").await;
    browser.unfold("box.types").await;
    browser.fill("box.types", "x9.huge").await;
    browser.await_text("cost-problem", |text| text.contains("does not know x9.huge")).await;
    browser.click("cost-mend").await;
    browser.await_focus("cost.hourly_price").await;
    browser.fill("cost.hourly_price", "0.5").await;
    browser.await_text("cost-machine", |text| text.contains("$365.00") && text.contains("your price")).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}
