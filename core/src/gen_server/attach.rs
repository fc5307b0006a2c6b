//! `attach`: the items of a stream as messages of the server's.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;

use crate::gen_server::cell::later::To;
use crate::gen_server::cell::message::Mail;
use crate::gen_server::cell::source::Source;
use crate::gen_server::{Cast, Context, GenServer};
use crate::guard::Guarded;

/// A client type of servers with an `#[info]`.
#[diagnostic::on_unimplemented(
    message = "this server has no handler for the items of a stream",
    label = "no method has the attribute `#[info]`",
    note = "write `#[info] fn accepted(&mut self, item: ..)`, and then `cx.attach(stream).accepted()`; a server that is written by hand has `cx.attach_with(..)`",
    note = "page: docs/errors/T007.md"
)]
pub trait Attaches<S: GenServer> {
    /// What has a method for each.
    type Attach<'a, T>;

    /// That, for the handler with this context.
    fn attach<T>(cx: &mut Context<S>, stream: T) -> Self::Attach<'_, T>;
}

/// A stream that never has anything: what generated code attaches where nobody does.
#[derive(Debug)]
pub struct Nothing<T>(PhantomData<fn() -> T>);

impl<T> Stream for Nothing<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, _cx: &mut TaskContext<'_>) -> Poll<Option<T>> {
        Poll::Pending
    }
}

impl<S: GenServer> Context<S> {
    /// Attaches this server to a stream: what this gives has a method for each `#[info]` of the server, and each item of the stream
    /// arrives at that handler. A handler of several arguments takes tuples.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use tokio::net::{TcpListener, TcpStream};
    /// use tokio_stream::wrappers::TcpListenerStream;
    ///
    /// struct Acceptor {
    ///     accepted: usize,
    /// }
    ///
    /// #[genserver]
    /// impl Acceptor {
    ///     #[init]
    ///     fn init(listener: TcpListener, cx: &mut Context<Self>) -> Self {
    ///         cx.attach(TcpListenerStream::new(listener)).accepted();
    ///         Self { accepted: 0 }
    ///     }
    ///
    ///     #[info]
    ///     fn accepted(&mut self, socket: std::io::Result<TcpStream>) {
    ///         self.accepted += usize::from(socket.is_ok());
    ///     }
    ///
    ///     #[call]
    ///     fn count(&self) -> usize {
    ///         self.accepted
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let address = listener.local_addr()?;
    /// let acceptor = Acceptor::start(listener).await?;
    /// let _connection = TcpStream::connect(address).await?;
    /// while acceptor.count().await? < 1 {
    ///     tokio::task::yield_now().await;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// **Back-pressure.** An item is taken out of the stream when the one before has been handled, and its message is what the server
    /// handles next; after it, whatever else is queued has its turn. So the mailbox's bound is never in the way, and a server that is slow, or
    /// waits in a handler, leaves the rest in the stream.
    ///
    /// **Life.** The stream belongs to the server. It is polled as the server, between two messages, and never beside a handler; a
    /// server that is begun anew attaches anew. When the server ends, for whatever reason, the stream is dropped before anybody is told of the
    /// end: so a port that it held is free when a supervisor starts the next. A stream that panics when it is polled ends its server with
    /// that panic, as a handler would.
    ///
    /// **Its end.** A stream that ends is dropped. [`Attached::on_end`] has a message sent then. That an item is an error is the
    /// handler's matter, and ends nothing.
    ///
    /// Where an Elixir program has a linked process that reads and sends, there is no process here, and nothing to link.
    pub fn attach<C, T>(&mut self, stream: T) -> C::Attach<'_, T>
    where
        S: GenServer<Client = C>,
        C: Attaches<S>,
        T: Stream + Send + 'static,
    {
        C::attach(self, stream)
    }

    /// Like [`attach`](Self::attach), for a server that is written by hand: `make` makes a message of each item, which arrives at
    /// [`handle_info`](GenServer::handle_info). It is called as the stream is polled, and a panic of it is one of the stream.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::NoMessage;
    ///
    /// struct Sum(u64);
    ///
    /// enum Info {
    ///     Number(u64),
    ///     Closed,
    /// }
    ///
    /// impl GenServer for Sum {
    /// #     type Call = ReplyTo<u64>;
    /// #     type Cast = NoMessage;
    /// #     type Client = ServerRef<Self>;
    /// #     async fn handle_call(&mut self, reply: ReplyTo<u64>, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
    /// #         reply.send(self.0);
    /// #         Ok(())
    /// #     }
    ///     type Args = Vec<u64>;
    ///     type Info = Info;
    ///
    ///     async fn init(numbers: Vec<u64>, cx: &mut Context<Self>) -> Result<Self, ExitReason> {
    ///         let closed = cx.server();
    ///         cx.attach_with(tokio_stream::iter(numbers), Info::Number)
    ///             .on_end(closed.send(Info::Closed));
    ///         Ok(Self(0))
    ///     }
    ///
    ///     async fn handle_info(&mut self, info: Info, cx: &mut Context<Self>) -> Result<(), ExitReason> {
    ///         match info {
    ///             Info::Number(n) => self.0 += n,
    ///             Info::Closed => cx.stop(ExitReason::Normal),
    ///         }
    ///         Ok(())
    ///     }
    ///     // ..
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sum = suptree::start::<Sum>(vec![1, 2, 3]).await?;
    /// assert_eq!(sum.monitor().await.reason, ExitReason::Normal);
    /// # Ok(()) }
    /// ```
    pub fn attach_with<T, F>(&mut self, stream: T, make: F) -> Attached
    where
        T: Stream + Send + 'static,
        F: FnMut(T::Item) -> S::Info + Send + 'static,
    {
        let server = self.server();
        let source = match server.address.direct() {
            Some(cell) => cell.attach(stream, make),
            None => unreachable!("the reference to oneself leads to a process"),
        };
        Attached(source)
    }
}

/// A stream that a server is attached to: what [`Context::attach`] and its methods give.
///
/// Dropping it does nothing: the server stays attached until the stream or the server ends, or until [`detach`](Self::detach). Cloning
/// is cheap, and gives the same one. It may be kept and used anywhere.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::Attached;
/// use tokio::sync::mpsc;
/// use tokio_stream::wrappers::UnboundedReceiverStream;
///
/// #[derive(Default)]
/// struct Lines {
///     from: Option<Attached>,
///     lines: Vec<(u8, String)>,
/// }
///
/// #[genserver]
/// impl Lines {
///     #[call]
///     fn read(&mut self, id: u8, lines: mpsc::UnboundedReceiver<String>, cx: &mut Context<Self>) {
///         use tokio_stream::StreamExt as _;
///         let lines = UnboundedReceiverStream::new(lines).map(move |line| (id, line));
///         let closed = cx.client();
///         self.from = Some(cx.attach(lines).line().on_end(closed.closed(id)));
///     }
///
///     #[info]
///     fn line(&mut self, id: u8, line: String) {
///         self.lines.push((id, line));
///     }
///
///     #[info]
///     fn closed(&mut self, id: u8) {
///         self.lines.push((id, "the end".to_owned()));
///     }
///
///     #[call]
///     fn all(&self) -> Vec<(u8, String)> {
///         self.lines.clone()
///     }
///
///     #[call]
///     fn ignore(&mut self) {
///         let from = self.from.take().unwrap();
///         from.detach();
///         assert!(!from.is_attached());
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let lines = Lines::start().await?;
/// let (sender, receiver) = mpsc::unbounded_channel();
/// lines.read(7, receiver).await?;
/// sender.send("hola".to_owned())?;
/// drop(sender);
/// while lines.all().await?.len() < 2 {
///     tokio::task::yield_now().await;
/// }
/// assert_eq!(lines.all().await?[1], (7, "the end".to_owned()));
///
/// let (sender, receiver) = mpsc::unbounded_channel();
/// lines.read(8, receiver).await?;
/// lines.ignore().await?;
/// assert!(sender.is_closed());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Attached(Arc<Source>);

impl Attached {
    /// What to send when the stream has come to its end: a cast or another message, of this server or of any other. It goes into the
    /// mailbox whatever its bound, behind the last item, which is handled by then. Of several the last one counts.
    ///
    /// Nothing is sent when the server ends first, or the stream is [detached](Self::detach). Where the stream has come to its end already
    /// the message is sent at once.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "the stream stays attached, whether somebody keeps this or not"
    )]
    pub fn on_end<S: GenServer, A: Send + 'static>(self, message: Cast<'_, S, A>) -> Self {
        let to = To::new(message.server);
        let mut post = message.sending.post;
        if let Some(message) = post.take_message() {
            let mail = Guarded::new(Mail::Message(message));
            self.0
                .at_end(Box::new(move || to.send_now(mail.into_inner())));
        }
        self
    }

    /// Detaches the server from the stream, which is dropped here; one that is being polled at this moment on another thread, when that is
    /// done. A handler of the server that does so gets no item of it any more.
    pub fn detach(&self) {
        self.0.close();
    }

    /// Whether the server is still attached to it.
    #[must_use]
    pub fn is_attached(&self) -> bool {
        self.0.is_open()
    }
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached")
            .field("is_attached", &self.is_attached())
            .finish()
    }
}
