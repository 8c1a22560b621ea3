//! The proxy behind nginx with a pool of connections, as portals run it.
//!
//! `cargo xtask test` installs nginx; where it is not there, this test says so and ends.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::site::{SECRET, Site, create_request, free_addr};

const PROGRAM: &str = "/usr/sbin/nginx";

struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGTERM, so that its workers end with it.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A call that the proxy refuses before it has read the body.
fn refused(number: usize) -> (String, &'static str) {
    let good = create_request(Uuid::new_v4());
    let (head, _) = good.split_once("\r\n\r\n").expect("a request");
    let head: String = head
        .lines()
        .filter(|line| !line.starts_with("content-length"))
        .map(|line| format!("{line}\r\n"))
        .collect();
    let text = "x".repeat([20_000, 200_000, 600_000][number % 3]);
    let with_length = |head: &str, text: &str| format!("{head}content-length: {}\r\n\r\n{text}", text.len());
    match number % 4 {
        0 => (
            with_length(&head.replace(SECRET, "wrong-secret-0123456789abcdef-0123456789"), &text),
            "401",
        ),
        1 => (with_length(&head.replace("same-origin", "cross-site"), &text), "403"),
        2 => (with_length(&head, &"x".repeat(1_100_000)), "413"),
        _ => (with_length(&head.replace("application/json", "text/plain"), &text), "415"),
    }
}

async fn status(addr: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("nobody breaks the connection");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer)
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_bodies_cost_no_other_agent_a_case() {
    if !Path::new(PROGRAM).is_file() {
        eprintln!("{PROGRAM} is not installed: the test with nginx is left out");
        return;
    }
    let site = Site::new().await;
    let _proxy = site.start().await;
    let addr = free_addr().await;
    // Bodies up to 2 MiB, so that the proxy's own limit answers.
    let config = format!(
        "daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 2; events {{ worker_connections 1024; }}\n\
         http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;\n\
         uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; client_max_body_size 2m; client_body_buffer_size 16k;\n\
         upstream proxy {{ server {}; keepalive 16; }}\n\
         server {{ listen {addr}; location / {{ proxy_pass http://proxy; proxy_http_version 1.1; proxy_set_header Connection \"\";\n\
         proxy_set_header Host $host; proxy_next_upstream off; proxy_request_buffering off; }} }} }}\n",
        site.addr,
        folder = site.folder.display(),
    );
    let file = site.folder.join("nginx.conf");
    std::fs::write(&file, config).expect("a configuration");
    let child = Command::new(PROGRAM)
        .args(["-c", &file.display().to_string(), "-p", &site.folder.display().to_string()])
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let _nginx = Nginx(child);
    for _ in 0..200 {
        if TcpStream::connect(addr).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut clients = JoinSet::new();
    for client in 0..8 {
        clients.spawn(async move {
            let mut wrong = Vec::new();
            for number in 0..250 {
                let (request, expected) = if client < 4 {
                    (create_request(Uuid::new_v4()), "200")
                } else {
                    refused(number)
                };
                let status = status(addr, &request).await;
                if status != expected {
                    wrong.push(format!("{status} for {expected}"));
                }
            }
            wrong
        });
    }
    let wrong: Vec<String> = clients.join_all().await.into_iter().flatten().collect();
    let log = std::fs::read_to_string(site.folder.join("nginx.log")).unwrap_or_default();
    assert!(
        wrong.is_empty(),
        "{} of 2000: {:?}\n{}",
        wrong.len(),
        &wrong[..wrong.len().min(5)],
        &log[..log.len().min(1500)]
    );
    assert_eq!(site.simulator.cases().len(), 1000);
}
