//! The simulator as a program.

use std::process::{Command, Stdio};

#[test]
fn other_machines_do_not_reach_it_unless_that_is_asked_for() {
    let output = Command::new(env!("CARGO_BIN_EXE_wise-simulator"))
        .args(["--listen", "0.0.0.0:0"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("--insecure-public"), "{said}");
}
