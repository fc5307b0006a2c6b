//! Processes that end abnormally: the first argument says who listens, the second what happens.

use suptree::prelude::*;
use suptree::remove_default_handler;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

#[derive(Default)]
struct Shaky;

#[genserver(name = "shaky")]
impl Shaky {
    #[cast]
    fn panics(&self) {
        panic!("nothing holds");
    }

    #[cast]
    fn fails(&self) -> Result<(), std::fmt::Error> {
        Err(std::fmt::Error)
    }

    #[cast]
    fn ends(&self, cx: &mut Context<Self>) {
        cx.stop(ExitReason::Normal);
    }
}

supervisor! { App { strategy: one_for_one, max_restarts: 1, children: [Shaky] } }

async fn work() {
    panic!("no work");
}

supervisor! {
    Work { strategy: one_for_one, children: [task work: work() { restart: temporary }] }
}

/// Ends the server in one way or another, and waits until that is told.
async fn happen(what: &str) -> Result<(), Box<dyn std::error::Error>> {
    let shaky = Shaky::named();
    match what {
        "a task panics" => {
            let work = Work::start_link().await?;
            while work.count_children().await?.specs > 0 {
                tokio::task::yield_now().await;
            }
        }
        "it ends" | "it fails alone" => {
            let alone = Shaky::start().await?;
            let end = alone.monitor();
            if what == "it ends" {
                alone.ends().await?;
            } else {
                alone.fails().await?;
            }
            end.await;
        }
        _ => {
            let app = App::start_link().await?;
            let times = if what == "it panics twice" { 2 } else { 1 };
            for _ in 0..times {
                let end = shaky.monitor();
                match what {
                    "it fails" => shaky.fails().await?,
                    "it is killed" => shaky.kill(),
                    _ => shaky.panics().await?,
                }
                end.await;
                // `Err`: it has given up.
                let _over = app.ready().await;
            }
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (listener, what) = (args.next(), args.next().unwrap_or_default());
    // The panic hook would tell of panics, too.
    std::panic::set_hook(Box::new(|_| {}));
    let listens = |level: LevelFilter| {
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stdout);
        tracing_subscriber::registry().with(lines.with_filter(level))
    };
    let mut scope = None;
    match listener.as_deref() {
        Some("nobody") => {}
        Some("removed") => remove_default_handler(),
        Some("scoped") => scope = Some(listens(LevelFilter::ERROR).set_default()),
        Some("filtered") => listens(LevelFilter::OFF).init(),
        _ => return Err("who listens?".into()),
    }
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().build()?;
    let happened = runtime.block_on(happen(&what));
    drop(scope);
    happened
}
