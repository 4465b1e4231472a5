//! `pushbox cost`: a month's bill, what other ways would cost, and what the figures leave out.

use anyhow::{Result, anyhow, bail};
use pushbox_shared::cost::{self, Estimate, Figure, Month, dollars};

use crate::args::Cost;
use crate::input;
use crate::output::print;

pub(crate) fn cost(args: &Cost) -> Result<()> {
    let config = input::config(&args.config)?;
    let with = |month: Month| Month {
        hours: args.hours.unwrap_or(month.hours),
        data_out_gb: args.data_out_gb.unwrap_or(month.data_out_gb),
        snapshot_gb: args.snapshot_gb,
        surplus_vcpu_hours: args.surplus_vcpu_hours,
        ..month
    };
    let month = with(Month::of(&config));
    let estimate = cost::estimate(&config, &month).map_err(|problem| anyhow!("{problem}"))?;
    if args.surplus_vcpu_hours > 0.0 && estimate.parts.iter().all(|part| part.id != "surplus") {
        bail!("--surplus-vcpu-hours: this box never pays for CPU credits, by its type or by box.cpu_credits");
    }
    let ways = cost::ways(&config, &with(Month::asleep(&config))).map_err(|problem| anyhow!("{problem}"))?;
    let mut text = bill(&estimate);
    text.push_str("\nBeside it, for a month:\n\n");
    text.extend(ways.all().map(row));
    text.extend(ways.verdict().map(|verdict| format!("\n{verdict}\n")));
    text.push('\n');
    text.extend(cost::notes(&config, &month, input::now()).iter().map(|note| format!("- {note}\n")));
    print(text.as_bytes())
}

fn bill(estimate: &Estimate) -> String {
    let mut text: String = estimate.parts.iter().map(row).collect();
    let total = Figure { id: "total", label: "A month", usd: estimate.total(), assumes: String::new() };
    text.push_str(&row(&total));
    text
}

fn row(figure: &Figure) -> String {
    let line = format!("{:<36}{:>12}  {}", figure.label, dollars(figure.usd), figure.assumes);
    format!("{}\n", line.trim_end())
}
