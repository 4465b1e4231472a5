//! This box beside others.

use super::*;

#[track_caller]
fn check_ways(more: &str, expected: &Expect) {
    let config = config(more);
    let ways = ways(&config, &Month::asleep(&config)).expect("a price");
    let all: Vec<Figure> = ways.all().cloned().collect();
    expected.assert_eq(&format!("{}{}\n", shown(&all), ways.verdict().unwrap_or_default()));
}

#[test]
fn other_ways_are_told_honestly() {
    check_ways(
        r#", "box": {"types": ["t4g.large"], "spot": "only"}"#,
        &expect![[r#"
        This box, always on $24.23: 730 h a month
        This box, asleep when nobody comes $7.65: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after), on demand, because spot cannot sleep; asleep it costs its disk
        The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
        Amazon Lightsail $44.00: 8 GB of memory, 160 GB of disk and 5 TB of traffic, charged on or off; you install and deploy yourself
        This box is cheaper than Lightsail's $44.00 even when it is always on.
    "#]],
    );
    check_ways(
        r#", "box": {"types": ["t3.nano"], "disk_gb": 20, "address": "elastic"}"#,
        &expect![[r#"
            This box, always on $9.05: 730 h a month
            This box, asleep when nobody comes $5.75: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk and its address
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $5.00: 0.5 GB of memory, 20 GB of disk and 1 TB of traffic, charged on or off; you install and deploy yourself
            Lightsail is cheaper: $5.00, not $5.75 or $9.05.
        "#]],
    );
    check_ways(
        r#", "box": {"types": ["t4g.nano"], "disk_gb": 8, "spot": "only"}"#,
        &expect![[r#"
        This box, always on $5.52: 730 h a month
        This box, asleep when nobody comes $1.51: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after), on demand, because spot cannot sleep; asleep it costs its disk
        The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
        Amazon Lightsail $5.00: 0.5 GB of memory, 20 GB of disk and 1 TB of traffic, charged on or off; you install and deploy yourself
        If your app is always on, Lightsail is cheaper: $5.00, not $5.52. If it may sleep, this box is: $1.51.
    "#]],
    );
    check_ways(
        r#", "box": {"disk_gb": 160}, "sleep": {"schedule": "mon-sun 00:00-24:00 UTC"}"#,
        &expect![[r#"
            This box, always on $28.72: 730 h a month
            This box, asleep when nobody comes $28.73: 730 h a month (24 hours on 7 days a week, and 15 minutes after, as if woken when its hours begin); asleep it costs its disk
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $22.00: 2 GB of memory, 60 + 100 GB of disk and 3 TB of traffic, charged on or off; you install and deploy yourself
            Lightsail is cheaper: $22.00, not $28.72.
        "#]],
    );
    check_ways(
        r#", "box": {"region": "sa-east-1", "disk_gb": 700}"#,
        &expect![[r#"
        This box, always on $129.62: 730 h a month
        This box, asleep when nobody comes $109.36: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk
        The article's way $18.44: t2.micro with 1 GB of memory in sa-east-1, 8 GB of disk, always on

    "#]],
    );
    check_ways(
        r#", "box": {"region": "ap-south-1", "types": ["c7g.large"]}"#,
        &expect![[r#"
        This box, always on $40.59: 730 h a month
        This box, asleep when nobody comes $6.11: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk
        The article's way $13.43: t2.micro with 1 GB of memory in ap-south-1, 8 GB of disk, always on
        Amazon Lightsail $24.00: 4 GB of memory, 80 GB of disk and 2 TB of traffic, charged on or off; you install and deploy yourself
        If your app is always on, Lightsail is cheaper: $24.00, not $40.59. If it may sleep, this box is: $6.11.
    "#]],
    );
    check_ways(
        "",
        &expect![[r#"
            This box, always on $16.88: 730 h a month
            This box, asleep when nobody comes $2.99: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $12.00: 2 GB of memory, 60 GB of disk and 3 TB of traffic, charged on or off; you install and deploy yourself
            If your app is always on, Lightsail is cheaper: $12.00, not $16.88. If it may sleep, this box is: $2.99.
        "#]],
    );
    check_ways(
        r#", "box": {"types": ["t4g.nano"], "disk_gb": 8, "address": "elastic"}"#,
        &expect![[r#"
            This box, always on $7.36: 730 h a month
            This box, asleep when nobody comes $4.70: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk and its address
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $5.00: 0.5 GB of memory, 20 GB of disk and 1 TB of traffic, charged on or off; you install and deploy yourself
            If your app is always on, Lightsail is cheaper: $5.00, not $7.36. If it may sleep, this box is: $4.70.
        "#]],
    );
    check_ways(
        r#", "box": {"types": ["t2.large"], "disk_gb": 400}"#,
        &expect![[r#"
            This box, always on $103.40: 730 h a month
            This box, asleep when nobody comes $41.05: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after); asleep it costs its disk
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $68.00: 8 GB of memory, 160 + 240 GB of disk and 5 TB of traffic, charged on or off; you install and deploy yourself
            If your app is always on, Lightsail is cheaper: $68.00, not $103.40. If it may sleep, this box is: $41.05.
        "#]],
    );
    check_ways(
        r#", "box": {"region": "eu-north-1", "types": ["c7g.medium"], "spot": "fallback"}"#,
        &expect![[r#"
            This box, always on $15.96: 730 h a month
            This box, asleep when nobody comes $5.06: 92.3 h a month (if used 4 hours on 5 days a week, and 15 minutes after), on demand, because spot cannot sleep; asleep it costs its disk
            The article's way $12.76: t2.micro with 1 GB of memory in us-east-1, 8 GB of disk, always on
            Amazon Lightsail $12.00: 2 GB of memory, 60 GB of disk and 3 TB of traffic, charged on or off; you install and deploy yourself
            If your app is always on, Lightsail is cheaper: $12.00, not $15.96. If it may sleep, this box is: $5.06.
        "#]],
    );
}

#[test]
fn visitors_cost_the_same_on_any_machine() {
    let config = config("");
    let with = |gb| ways(&config, &Month { data_out_gb: gb, ..Month::ALWAYS_ON }).expect("a price");
    let article = |ways: &Ways| ways.article.as_ref().expect("it").usd;
    let (few, many) = (with(100.0), with(300.0));
    assert_eq!(dollars(article(&many) - article(&few)), "$18.00");
    assert_eq!(dollars(many.on.usd - few.on.usd), "$18.00");
    // Plans have traffic in them, until they have no more.
    assert_eq!(few.lightsail, many.lightsail);
    assert_eq!(with(5_000.0).lightsail.map(|plan| dollars(plan.usd)).as_deref(), Some("$44.00"));
    assert_eq!(with(20_000.0).verdict(), None);
}
