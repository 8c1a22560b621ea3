//! PostgreSQL behind PgBouncer, which gives each transaction another connection.
//!
//! `cargo xtask test` installs it; where it is not there, this test says so and ends.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use tokio::net::TcpStream;
use uuid::Uuid;

use crate::postgres::{Server, two_sites};
use crate::site::free_addr;

const PROGRAM: &str = "/usr/sbin/pgbouncer";

struct Pooler(Child);

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn behind_a_pooler_of_transactions_every_case_is_raised() {
    let Some(server) = Server::start().await else { return };
    if !Path::new(PROGRAM).is_file() {
        eprintln!("{PROGRAM} is not installed: the test with PgBouncer is left out");
        return;
    }
    let addr = free_addr().await;
    let config = format!(
        "[databases]\npostgres = host=127.0.0.1 port={} user=proxy\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\n\
         unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 3\n",
        server.port,
        addr.port()
    );
    let file = server.folder.join("pgbouncer.ini");
    std::fs::write(&file, config).expect("a configuration");
    let mut command = server.as_its_user(Path::new(PROGRAM));
    let child = command
        .arg(&file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let _pooler = Pooler(child);
    for _ in 0..200 {
        if TcpStream::connect(addr).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (mut site, _) = two_sites(&server).await;
    let url = format!("postgres://proxy@127.0.0.1:{}/postgres", addr.port());
    site.environment
        .retain(|(name, _)| name != "PARTNER_CASE_PROXY_STORE_POSTGRES_URL");
    site.environment
        .push(("PARTNER_CASE_PROXY_STORE_POSTGRES_URL".to_owned(), url));
    let _proxy = site.start().await;
    for _ in 0..10 {
        let keys = [(); 8].map(|()| Uuid::new_v4());
        let [a, b, c, d, e, f, g, h] = keys;
        let (a, b, c, d, e, f, g, h) = tokio::join!(
            site.create(a),
            site.create(b),
            site.create(c),
            site.create(d),
            site.create(e),
            site.create(f),
            site.create(g),
            site.create(h)
        );
        for answer in [a, b, c, d, e, f, g, h] {
            assert_eq!(answer.expect("an answer").0, 200);
        }
    }
    assert_eq!(site.simulator.cases().len(), 80);
    assert_eq!(site.ready().await.0, 200);
}
