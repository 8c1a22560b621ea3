//! Prints the native figures as JSON: microseconds for one check, by the length of the subject.

use std::time::Instant;

fn main() {
    let rows: Vec<String> = [40, 80, 160, 1_000, 10_000, 100_000].into_iter().map(row).collect();
    println!("{{{}}}", rows.join(","));
}

/// The median of eleven rounds, each of some milliseconds.
fn row(length: u32) -> String {
    guard_bench::prepare(length);
    let times = (2_000_000 / length).clamp(3, 20_000);
    guard_bench::check(times / 10 + 1);
    let mut rounds: Vec<f64> = (0..11)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(guard_bench::check(times));
            start.elapsed().as_secs_f64() * 1e6 / f64::from(times)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    format!("\"{length}\":{:.2}", rounds[5])
}
