//! A web server as a supervised child: axum, with a rate limiter behind it. Ctrl-C and SIGTERM stop it in order: what was taken is
//! answered, and the limiter goes after those that ask it. `GET /ready` is for a readiness probe.
//!
//! Run with `cargo run --package suptree-example-http -- 127.0.0.1:8080 5`, and get `http://127.0.0.1:8080/` more than five times a
//! second. `tests/under_load.rs` stops it under load.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use suptree::prelude::*;
use suptree::stopping;
use tokio::net::TcpListener;

/// Lets so many requests through in a second.
struct Limiter {
    most: u32,
    second: Instant,
    taken: u32,
    allowed: u64,
    refused: u64,
}

#[genserver]
impl Limiter {
    #[init]
    fn init(most: u32) -> Self {
        Self {
            most,
            second: Instant::now(),
            taken: 0,
            allowed: 0,
            refused: 0,
        }
    }

    #[call]
    fn allow(&mut self) -> bool {
        if self.second.elapsed() >= Duration::from_secs(1) {
            self.second = Instant::now();
            self.taken = 0;
        }
        let allowed = self.taken < self.most;
        if allowed {
            self.taken += 1;
            self.allowed += 1;
        } else {
            self.refused += 1;
        }
        allowed
    }

    #[terminate]
    fn say(&mut self) {
        println!("allowed {}, refused {}", self.allowed, self.refused);
    }
}

supervisor! {
    App(address: String, most: u32, name = "app") {
        strategy: rest_for_one,
        children: [
            Limiter(most),
            task web: serve(address, limiter) { restart: permanent, shutdown: 10s },
        ],
    }
}

/// Serves until it is told to stop, and then those that it has taken.
async fn serve(address: String, limiter: LimiterClient) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    println!("listens on {}", listener.local_addr()?);
    let routes = Router::new()
        .route("/", get(page))
        .route("/ready", get(ready))
        .with_state(limiter);
    axum::serve(listener, routes)
        .with_graceful_shutdown(stopping())
        .await
}

async fn page(State(limiter): State<LimiterClient>) -> Result<&'static str, StatusCode> {
    match limiter.allow().await {
        Ok(true) => {
            // A page takes its time.
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok("hola\n")
        }
        Ok(false) => Err(StatusCode::TOO_MANY_REQUESTS),
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// Whether all of the program runs.
async fn ready() -> StatusCode {
    if App::named().is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let address = args.next().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let most = args.next().and_then(|most| most.parse().ok()).unwrap_or(5);
    App::run((address, most))
}
