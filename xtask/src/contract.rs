//! The proxy against its own description: Schemathesis sends what docs/openapi.json allows and what it does not, to the real proxy.

use partner_case_chaos::{PORTAL_SECRET, Servers};

use crate::chaos;
use crate::command::{output, program, run, say, step};
use crate::demo;

/// How many cases there are for each operation and kind.
const EXAMPLES: u32 = 50;

/// Runs the checks; without a Python that can have them it says so.
pub(crate) fn check() -> anyhow::Result<()> {
    let folder = crate::target_dir().join("schemathesis");
    let python = folder.join("bin/python");
    let requirements = crate::root().join("proxy/schemathesis/requirements.txt");
    let is_new_enough = output(program("python3").args(["-c", "import sys; print(sys.version_info >= (3, 11))"]));
    if is_new_enough.as_deref().map(str::trim) != Some("True") {
        say("The proxy is not held against its own description: Python 3.11 or later is missing");
        return Ok(());
    }
    if !folder.join("bin/schemathesis").is_file() {
        step("Installing Schemathesis", || {
            run(program("python3").args(["-m", "venv"]).arg(&folder))?;
            run(program(&python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--requirement",
                ])
                .arg(&requirements))
        })?;
    }
    step("The proxy against its own description (Schemathesis)", || {
        demo::build_servers()?;
        demo::block_on(async {
            let servers = Servers::start(&chaos::setup()).await?;
            let url = servers.proxy_url("");
            let checked = tokio::task::spawn_blocking(move || {
                run(program(folder.join("bin/schemathesis"))
                    .args([
                        "--config-file",
                        "proxy/schemathesis/schemathesis.toml",
                        "run",
                        "docs/openapi.json",
                    ])
                    .args([
                        "--url",
                        url.trim_end_matches('/'),
                        "--max-examples",
                        &EXAMPLES.to_string(),
                        "--no-color",
                    ])
                    .env("PARTNER_CASE_PROXY_STAFF_SECRET", PORTAL_SECRET)
                    .env("HYPOTHESIS_STORAGE_DIRECTORY", crate::target_dir().join("hypothesis"))
                    .env("PYTHONDONTWRITEBYTECODE", "1"))
            });
            let checked = checked.await?;
            servers.stop().await;
            checked
        })
    })
}
