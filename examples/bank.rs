//! A bank whose accounts are servers of several types: they draw on each other and pay each other, and know of one another nothing but
//! a protocol.
//!
//! Run with `cargo run --example bank`. It checks what it finds, and ends by itself.

use suptree::prelude::*;

#[protocol]
trait Account {
    /// The balance after it.
    #[call]
    fn deposit(&mut self, amount: u64) -> u64;

    /// Whether there was so much.
    #[call]
    fn withdraw(&mut self, amount: u64) -> bool;
}

/// Draws on another account where it has too little.
struct Giro {
    balance: u64,
    reserve: AccountClient,
}

// With `deadlines`, so that money whose payer was told that it is not taken is not taken later.
#[genserver(protocols(Account), deadlines)]
impl Giro {
    #[init]
    fn init(reserve: AccountClient) -> Self {
        let balance = 0;
        Self { balance, reserve }
    }

    #[call]
    fn deposit(&mut self, amount: u64) -> u64 {
        self.balance += amount;
        self.balance
    }

    #[call]
    async fn withdraw(&mut self, amount: u64) -> bool {
        let missing = amount.saturating_sub(self.balance);
        if missing > 0 && self.reserve.withdraw(missing).await != Ok(true) {
            return false;
        }
        self.balance = self.balance + missing - amount;
        true
    }

    #[call]
    async fn pay(&mut self, to: AccountClient, amount: u64) -> Result<(), String> {
        if !self.withdraw(amount).await {
            return Err(format!("there are only {}", self.balance));
        }
        if let Err(error) = to.deposit(amount).no_timeout().await {
            self.balance += amount;
            return Err(format!("not paid: {error}"));
        }
        Ok(())
    }
}

/// Gives its interest to another account.
struct Savings {
    balance: u64,
    owner: AccountClient,
}

#[genserver(protocols(Account), deadlines)]
impl Savings {
    #[init]
    fn init(owner: AccountClient) -> Self {
        let balance = 0;
        Self { balance, owner }
    }

    #[call]
    fn deposit(&mut self, amount: u64) -> u64 {
        self.balance += amount;
        self.balance
    }

    #[call]
    fn withdraw(&mut self, amount: u64) -> bool {
        let left = self.balance.checked_sub(amount);
        self.balance = left.unwrap_or(self.balance);
        left.is_some()
    }

    #[call]
    async fn year_ends(&mut self) -> Result<u64, CallError> {
        self.owner.deposit(self.balance / 10).await
    }
}

// Each of the two has the other, wherever in the list that stands.
supervisor! {
    Customer { strategy: one_for_one, children: [Giro(savings.into()), Savings(giro.into())] }
}

/// An account of another bank, as a test has it.
struct Elsewhere(u64);

impl Account for Elsewhere {
    fn deposit(&mut self, amount: u64) -> u64 {
        self.0 += amount;
        self.0
    }

    fn withdraw(&mut self, _amount: u64) -> bool {
        false
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    suptree::remove_default_handler();
    let (ana, bea) = (Customer::start_link().await?, Customer::start_link().await?);
    ana.giro().deposit(100).await?;
    ana.savings().deposit(500).await?;

    // What is missing comes out of the savings.
    ana.giro().pay(bea.giro().into(), 130).await??;
    assert_eq!(ana.giro().deposit(0).await?, 0);
    assert_eq!(ana.savings().deposit(0).await?, 470);
    assert_eq!(bea.giro().deposit(0).await?, 130);
    println!("bea has {}", bea.giro().deposit(0).await?);

    let refused = bea.giro().pay(ana.giro().into(), 1_000).await?;
    println!("bea pays 1000: {refused:?}");
    assert_eq!(refused, Err("there are only 130".to_owned()));
    assert_eq!(ana.savings().year_ends().await?, Ok(47));

    // Both pay at once: where each waits for the other, one is told so, and keeps its money.
    let (to_ana, to_bea) = (ana.giro().into(), bea.giro().into());
    let (one, other) = (ana.giro(), bea.giro());
    let (one, other) = tokio::join!(one.pay(to_bea, 7), other.pay(to_ana, 7));
    let refused: Vec<_> = [one?, other?].into_iter().filter_map(Result::err).collect();
    println!("both pay at once: {refused:?}");
    let all = ana.giro().deposit(0).await? + bea.giro().deposit(0).await?;
    assert_eq!(all, 47 + 130);

    // An account whose server is gone takes nothing, and the money comes back. One that is no server is as good as any.
    let gone = Giro::start(AccountClient::vacant()).await?;
    gone.stop().await?;
    let refused = bea.giro().pay(gone.into(), 30).await?;
    assert!(refused.is_err_and(|why| why.starts_with("not paid")));
    let elsewhere = AccountClient::stand_in(Elsewhere(0));
    bea.giro().pay(elsewhere.clone(), 30).await??;
    assert_eq!(elsewhere.deposit(0).await?, 30);
    ana.stop().await?;
    bea.stop().await?;
    Ok(())
}
