//! The browser of the tests: the one that is installed, else the distribution's.

use std::path::PathBuf;

use anyhow::bail;

use crate::command::find;
use crate::tools::{apt_install, is_root};

/// A browser and the driver that fits it.
#[derive(Debug)]
pub(crate) struct Chromium {
    pub(crate) browser: PathBuf,
    /// The same browser without its own windows, or `browser` where there is none. The end-to-end tests take half the time in it.
    pub(crate) headless: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds Chromium and its driver, or installs them.
pub(crate) fn ensure() -> anyhow::Result<Chromium> {
    if let Some(found) = installed().filter(|found| found.headless != found.browser || !is_root()) {
        return Ok(found);
    }
    if is_root() && find("apt-get").is_some() {
        // Not every distribution has them under these names; what counts is whether they are there afterwards.
        let _ = apt_install(&["chromium", "chromium-driver"]);
        let _ = apt_install(&["chromium-headless-shell"]);
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    bail!("Chromium and its driver are needed: install the packages chromium and chromium-driver, or Chrome and chromedriver");
}

fn installed() -> Option<Chromium> {
    let browser = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .find_map(find)?;
    let headless = find("chromium-headless-shell").unwrap_or_else(|| browser.clone());
    let driver = find("chromedriver").or_else(|| find("chromium.chromedriver"))?;
    Some(Chromium {
        browser,
        headless,
        driver,
    })
}
