//! A server as the output needs it: what each method of the impl block is for.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Generics, ReceiverKind, ReturnType, Signature, Type, Visibility};

use crate::carry::Carried;
use crate::genserver::args::Options;
use crate::genserver::call_options::CallOptions;
use crate::genserver::kept::Kept;
use crate::genserver::role::{Hook, Message, Own, Role};
use crate::types::Taken;
use crate::{naming, types};

/// One `#[genserver]` impl block.
pub(crate) struct Server {
    /// The path of the facade crate.
    pub(crate) krate: TokenStream,
    /// The word `impl`.
    pub(crate) begins: Span,
    /// The type the block is for, with its arguments.
    pub(crate) self_ty: TokenStream,
    /// The last word of its path: `Cache`.
    pub(crate) ident: Ident,
    /// The path without arguments, for links in docs.
    pub(crate) link: String,
    /// The block's parameters, its where clause without `Self`.
    pub(crate) generics: Generics,
    /// The block's own `#[cfg]`s.
    pub(crate) cfg: TokenStream,
    /// What the block and its handlers allow, for all that is made of them.
    pub(crate) allows: TokenStream,
    pub(crate) options: Options,
    pub(crate) hooks: Hooks,
    /// Calls, casts and infos, in the order they were written.
    pub(crate) handlers: Vec<Handler>,
    /// The names of all methods of the block, with a role or without.
    pub(crate) methods: Vec<Ident>,
    pub(crate) names: Names,
    /// What tells this block from other parts of the server, where it is one.
    pub(crate) part: Option<Marker>,
    /// The parts that the server has.
    pub(crate) parts: Vec<Part>,
}

/// A type without values that stands for a part.
pub(crate) struct Marker {
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
}

/// A part of a server, as it is named there.
pub(crate) struct Part {
    pub(crate) cfg: TokenStream,
    /// The path of its [`Marker`].
    pub(crate) marker: TokenStream,
    /// What its messages are in each of the enums.
    pub(crate) variant: Ident,
}

/// The hooks of a server.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) init: Option<Function>,
    pub(crate) exit: Vec<Function>,
    pub(crate) down: Vec<Function>,
    pub(crate) timeout: Vec<Function>,
    pub(crate) hibernate: Vec<Function>,
    pub(crate) terminate: Vec<Function>,
    pub(crate) format_status: Vec<Function>,
}

/// What the generated items are called.
pub(crate) struct Names {
    pub(crate) client: Ident,
    /// Where it is: beside the server, of which a part may be elsewhere.
    pub(crate) client_path: TokenStream,
    pub(crate) client_vis: Visibility,
    /// The type behind the alias. With a name of its own: of two that have one name, rustc shows the paths, and this is in a hidden module.
    pub(crate) client_of: Ident,
    /// The hidden module around the client type.
    pub(crate) module: Ident,
    /// The enums of messages.
    pub(crate) call: Ident,
    pub(crate) cast: Ident,
    pub(crate) info: Ident,
    /// What `cx.then()` gives.
    pub(crate) then: Ident,
    /// What `cx.attach(stream)` gives.
    pub(crate) attach: Ident,
    /// The function that makes a name of init arguments.
    pub(crate) name_fn: Ident,
}

/// A method with a role.
pub(crate) struct Function {
    pub(crate) role: Role,
    pub(crate) vis: Visibility,
    pub(crate) carried: Carried,
    pub(crate) signature: Signature,
    /// The arguments in order, without the receiver.
    pub(crate) params: Vec<Param>,
    /// Of an `#[every]`: an expression of type `Duration`.
    pub(crate) period: Option<TokenStream>,
    /// What stands in the parentheses of `#[call(..)]`, and of others.
    pub(crate) call: CallOptions,
    /// Of an `async` one: what is kept over its `.await`.
    pub(crate) kept: Option<Kept>,
    /// What the future gives that a task's handler returns.
    pub(crate) answer: Option<Type>,
    /// It has a mistake: only its client method is generated, so that no second error follows.
    pub(crate) broken: bool,
    /// Its attribute is no word of ours: what it is, is a guess.
    pub(crate) misnamed: bool,
}

/// An argument of a method with a role.
pub(crate) enum Param {
    /// `cx: &mut Context<Self>`, or of a type that may be another name of it.
    Context(Option<Box<Type>>),
    /// `reply: ReplyTo<R>` of a call
    ReplyTo,
    /// One that travels in the message, or is given to the hook.
    Value(Box<Value>),
}

/// An argument with a value.
pub(crate) struct Value {
    /// Its name, or one made for its pattern.
    pub(crate) name: Ident,
    /// What travels: `T` of an `impl Into<T>`.
    pub(crate) ty: Type,
    pub(crate) taken: Taken,
}

/// A call, a cast or an info, or a message of the server's own, which is an info.
pub(crate) struct Handler {
    pub(crate) message: Message,
    pub(crate) function: Function,
    /// Its variant in the message enum.
    pub(crate) variant: Ident,
    /// The type of its request, for a call.
    pub(crate) request: Ident,
}

impl Hooks {
    /// Adds the function for this hook. There is one of each, or several under conditions, of which rustc keeps one; otherwise the
    /// name of the first comes back.
    pub(crate) fn add(&mut self, hook: Hook, function: Function) -> Result<(), Ident> {
        let functions = match hook {
            Hook::Init => {
                if let Some(first) = &self.init {
                    return Err(first.name().clone());
                }
                self.init = Some(function);
                return Ok(());
            }
            Hook::Exit => &mut self.exit,
            Hook::Down => &mut self.down,
            Hook::Timeout => &mut self.timeout,
            Hook::Hibernate => &mut self.hibernate,
            Hook::Terminate => &mut self.terminate,
            Hook::FormatStatus => &mut self.format_status,
        };
        let always = |function: &Function| function.carried.cfgs.is_empty();
        let mut others = functions.iter();
        if let Some(first) = others.find(|first| always(first) || always(&function)) {
            return Err(first.name().clone());
        }
        functions.push(function);
        Ok(())
    }

    /// Whether one that runs after `#[init]` is `async`.
    pub(crate) fn waits(&self) -> bool {
        let hooks = [&self.exit, &self.down, &self.timeout, &self.terminate];
        hooks.into_iter().flatten().any(Function::is_async)
    }

    fn all(&self) -> impl Iterator<Item = &Function> {
        let Self {
            init,
            exit,
            down,
            timeout,
            hibernate,
            terminate,
            format_status,
        } = self;
        let others = [exit, down, timeout, hibernate, terminate, format_status];
        init.iter().chain(others.into_iter().flatten())
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Function> {
        let Self {
            init,
            exit,
            down,
            timeout,
            hibernate,
            terminate,
            format_status,
        } = self;
        let others = [exit, down, timeout, hibernate, terminate, format_status];
        init.iter_mut().chain(others.into_iter().flatten())
    }
}

impl Names {
    /// The enum of the messages of this sort.
    pub(crate) const fn of(&self, message: Message) -> &Ident {
        match message {
            Message::Call => &self.call,
            Message::Cast => &self.cast,
            Message::Info => &self.info,
        }
    }
}

impl Server {
    /// The sound handlers of this sort of message.
    pub(crate) fn of(&self, message: Message) -> impl Iterator<Item = &Handler> + Clone {
        self.handlers
            .iter()
            .filter(move |handler| handler.message == message && !handler.function.broken)
    }

    /// The infos with a mistake. Their messages are sent all the same, and that is none.
    pub(crate) fn infos_meant(&self) -> impl Iterator<Item = &Handler> {
        self.sent()
            .filter(|handler| handler.message == Message::Info && handler.function.broken)
    }

    /// The handlers that the client has a method for, with a mistake or without.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &Handler> {
        self.handlers
            .iter()
            .filter(|handler| matches!(handler.function.role, Role::Message(_)))
    }

    /// The messages of the server's own of this sort, with a mistake or without.
    pub(crate) fn own(&self, own: Own) -> impl Iterator<Item = &Handler> + Clone {
        self.handlers
            .iter()
            .filter(move |handler| handler.function.role == Role::Own(own))
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = &Function> {
        self.hooks
            .all()
            .chain(self.handlers.iter().map(|handler| &handler.function))
    }

    pub(crate) fn functions_mut(&mut self) -> impl Iterator<Item = &mut Function> {
        self.hooks.all_mut().chain(
            self.handlers
                .iter_mut()
                .map(|handler| &mut handler.function),
        )
    }

    /// The arguments a server is started with.
    pub(crate) fn init_values(&self) -> Vec<&Value> {
        self.hooks.init.iter().flat_map(Function::values).collect()
    }

    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    /// Whether messages are described with their arguments. A part does not know whether its server's are.
    pub(crate) fn describes(&self) -> bool {
        self.part.is_some() || self.options.last_message == Some(true)
    }

    /// Whether there are messages of this sort.
    pub(crate) fn has(&self, message: Message) -> bool {
        !self.parts.is_empty()
            || self.of(message).next().is_some()
            || (message == Message::Info && self.infos_meant().next().is_some())
    }
}

impl Function {
    pub(crate) fn name(&self) -> &Ident {
        &self.signature.ident
    }

    /// The name again, for a place that is not the user's: an IDE shows the handler and its client method only.
    pub(crate) fn name_elsewhere(&self) -> Ident {
        // There, edition 2024 holds: `gen` is a name in the user's crate, and a keyword in ours.
        naming::ident(&self.name().unraw().to_string(), Span::call_site()).unwrap_or_else(|| {
            let mut name = self.name().clone();
            name.set_span(Span::call_site());
            name
        })
    }

    /// Where it says `&self`.
    pub(crate) fn borrows(&self) -> Option<Span> {
        let receiver = self.signature.receiver()?;
        match &receiver.kind {
            ReceiverKind::Reference(and, _, None) => Some(and.spans[0]),
            // Of what type it is, has been checked.
            ReceiverKind::Typed(_, ty) => match types::ungroup(ty) {
                Type::Reference(of) if of.mutability.is_none() => Some(of.and_token.spans[0]),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) const fn is_async(&self) -> bool {
        self.signature.asyncness.is_some()
    }

    /// Whether a call is answered by the future that this returns, beside the server.
    pub(crate) const fn is_task(&self) -> bool {
        self.call.task.is_some()
    }

    /// Whether it runs in a thread that may block.
    pub(crate) const fn blocks(&self) -> bool {
        self.call.blocking.is_some()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.params.iter().filter_map(|param| match param {
            Param::Value(value) => Some(&**value),
            Param::Context(_) | Param::ReplyTo => None,
        })
    }

    /// The types of the arguments and the reply that go from one task to another.
    pub(crate) fn traveling(&self) -> impl Iterator<Item = &Type> {
        let (arguments, reply) = match self.role {
            Role::Message(Message::Call) => (true, true),
            Role::Message(Message::Cast | Message::Info)
            | Role::Own(Own::Continue | Own::Every)
            | Role::Hook(Hook::Init) => (true, false),
            Role::Hook(
                Hook::Exit
                | Hook::Down
                | Hook::Timeout
                | Hook::Hibernate
                | Hook::Terminate
                | Hook::FormatStatus,
            ) => (false, false),
        };
        let arguments = self
            .values()
            .filter(move |_| arguments)
            .map(|value| &value.ty);
        arguments.chain(self.reply_type().filter(move |_| reply))
    }

    /// Whether a type in it, as it is spelled, keeps it from being a handler.
    pub(crate) fn has_obstacle(&self) -> bool {
        self.traveling().any(|ty| types::obstacle(ty).is_some())
    }

    pub(crate) fn takes_context(&self) -> bool {
        self.params
            .iter()
            .any(|param| matches!(param, Param::Context(_)))
    }

    /// Whether a call is answered by its `ReplyTo` argument.
    pub(crate) fn replies_itself(&self) -> bool {
        self.params
            .iter()
            .any(|param| matches!(param, Param::ReplyTo))
    }

    /// Whether nothing is returned, as far as the signature tells.
    pub(crate) fn returns_unit(&self) -> bool {
        match &self.signature.output {
            ReturnType::Default => true,
            ReturnType::Type(_, ty) => types::is_unit(ty),
        }
    }

    /// Whether it is `-> !`.
    pub(crate) fn diverges(&self) -> bool {
        matches!(&self.signature.output, ReturnType::Type(_, ty) if types::is_never(ty))
    }

    /// What the caller of a call gets; `None` for `()`.
    pub(crate) fn reply_type(&self) -> Option<&Type> {
        if self.is_task() {
            return self.answer.as_ref().filter(|ty| !types::is_unit(ty));
        }
        if !self.replies_itself() {
            return match &self.signature.output {
                ReturnType::Type(_, ty) if !types::is_unit(ty) && !self.diverges() => Some(ty),
                _ => None,
            };
        }
        self.signature.inputs.iter().find_map(|input| match input {
            syn::FnArg::Typed(typed) => types::reply_handle(&typed.ty),
            syn::FnArg::Receiver(_) => None,
        })
    }

    /// What the handler of a task returns, where that is a type with a name.
    pub(crate) fn future_type(&self) -> Option<&Type> {
        match &self.signature.output {
            ReturnType::Type(_, ty) if self.is_task() && !types::is_impl(ty) => Some(ty),
            _ => None,
        }
    }

    /// The type of the reply, as tokens.
    pub(crate) fn reply_tokens(&self) -> TokenStream {
        match self.reply_type() {
            Some(ty) => ty.to_token_stream(),
            None if self.diverges() => quote!(::core::convert::Infallible),
            None => quote!(()),
        }
    }
}
