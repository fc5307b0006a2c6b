use suptree::prelude::*;

#[derive(Default)]
struct Queue(Vec<Job>);

pub struct Job(u64);

#[genserver]
impl Queue {
    #[call]
    fn len(&self) -> usize {
        self.0.len()
    }
}

#[genserver] impl Queue {
    #[cast]
    fn put(&mut self, job: Job) {
        self.0.push(job);
    }

    #[call]
    async fn take(&mut self) -> Option<Job> {
        self.0.pop()
    }
}

async fn double(queue: QueueClient) -> Result<usize, Box<dyn std::error::Error>> {
    if let Some(job) = queue.take().await? {
        queue.put(Job(2 * job.0)).await?;
    }
    Ok(queue.len().await?)
}

fn main() {}
