use suptree::prelude::*;

#[derive(Default)]
struct Stock;

#[genserver]
impl Stock {}

struct Order;

#[genserver]
impl Order {
    #[init]
    fn init(_stock: StockClient) -> Self {
        Self
    }
}

supervisor! {
    Shop {
        strategy: one_for_one,
        children: [Stock, dynamic orders: Order { extra_arguments: [shipper] }],
    }
}

fn main() {}
