//! Schedules in which the search once found a broken promise. None breaks one any more.

use partner_case_simulation::{Coverage, run, schedule};

/// The seeds, in the order in which they were found.
const SEEDS: [u64; 69] = [
    8, 20, 30, 35, 47, 67, 75, 101, 233, 302, 373, 394, 413, 135, 307, 490, 746, 870, 186, 202, 641, 788, 1062, 1797, 1872, 1954,
    2026, 2037, 2177, 2412, 3136, 3166, 38, 206, 1576, 2772, 3125, 3464, 4557, 6551, 6597, 7972, 12008, 12207, 12741, 13000,
    15556, 16917, 18321, 19051, 22079, 23221, 25769, 30811, 35952, 37046, 38119, 39737, 41036, 48437, 50481, 52292, 59229, 81113,
    82169, 99751, 115_884, 128_597, 131_480,
];

#[test]
fn what_was_found_once_is_found_no_more() {
    for seed in SEEDS {
        let failure = run(&schedule(seed), &mut Coverage::default());
        assert!(failure.is_none(), "seed {seed}: {failure:#?}");
    }
}

/// A schedule is the same whenever and wherever it is made: a seed in a report means something.
#[test]
fn a_seed_makes_one_schedule() {
    assert_eq!(schedule(7), schedule(7));
    assert_ne!(schedule(7), schedule(8));
}
