//! What all parts of the output share: the server's types as tokens, and calls of the user's functions.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, ReturnType, Type};

use crate::checked::question;
use crate::genserver::expand::alias;
use crate::genserver::expand::bounds::Bounds;
use crate::genserver::kept::Kept;
use crate::genserver::model::{Function, Handler, Param, Server, Value};
use crate::genserver::role::{Hook, Message, Role};
use crate::tokens::{self, respan, written_at};
use crate::types::{self, Parameters};

/// What most parts of the output need.
pub(crate) struct Scope<'a> {
    pub(crate) server: &'a Server,
    pub(crate) krate: &'a TokenStream,
    pub(crate) self_ty: &'a TokenStream,
    /// The same in front of `::`, as in `Cache::get` and `<Stack<T>>::get`.
    pub(crate) self_path: TokenStream,
    /// `<T: Clone, const N: usize>`
    pub(crate) impl_generics: TokenStream,
    /// `<T, N>`
    pub(crate) ty_generics: TokenStream,
    /// Those of them that the server's type mentions, as an alias of it declares them: one of a parameter that it does not use is none.
    pub(crate) alias_params: Option<TokenStream>,
    /// The same, as they are given to it.
    pub(crate) alias_generics: TokenStream,
    /// The user's where clause, and that the parameters are `'static`.
    pub(crate) declared: TokenStream,
    /// The user's where clause, and what messages have to be.
    pub(crate) required: TokenStream,
    /// The same, and that the state may travel: for implementations of traits that are of servers.
    pub(crate) stated: TokenStream,
    /// The user's where clause, and that the parameters may travel.
    pub(crate) of_parameters: TokenStream,
    pub(crate) bounds: Bounds,
    /// `cx`, with a hygiene of its own: an argument of this name is something else.
    pub(crate) cx: Ident,
    /// `server`, likewise: the state that a handler is called with.
    pub(crate) state: Ident,
    /// The methods of the client are there to be named alone.
    pub(crate) sends_nothing: bool,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        let (impl_generics, ty_generics, _) = server.generics.split_for_impl();
        let in_type = alias::in_type(server);
        let bounds = Bounds::new(server);
        let predicates = server
            .generics
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates);
        let own: Vec<TokenStream> = predicates.map(ToTokens::to_token_stream).collect();
        let and = |more: &[TokenStream]| {
            if own.is_empty() && more.is_empty() {
                return TokenStream::new();
            }
            let all = own.iter().chain(more);
            quote!(where #(#all),*)
        };
        let (declared, required) = (and(&bounds.lives), and(&bounds.predicates));
        let stated = [&*bounds.predicates, std::slice::from_ref(&bounds.state)].concat();
        let stated = and(&stated);
        let of_parameters = and(&bounds.parameters);
        Self {
            krate: &server.krate,
            self_ty: &server.self_ty,
            self_path: self_path(&server.self_ty),
            impl_generics: impl_generics.to_token_stream(),
            ty_generics: ty_generics.to_token_stream(),
            alias_params: alias::parameters(&in_type),
            alias_generics: in_type.split_for_impl().1.to_token_stream(),
            declared,
            required,
            stated,
            of_parameters,
            bounds,
            cx: Ident::new("cx", Span::mixed_site()),
            state: Ident::new("server", Span::mixed_site()),
            sends_nothing: false,
            server,
        }
    }

    /// A where clause, and more.
    pub(crate) fn with(clause: &TokenStream, more: &[TokenStream]) -> TokenStream {
        match (clause.is_empty(), more) {
            (_, []) => clause.clone(),
            (true, more) => quote!(where #(#more),*),
            (false, more) => quote!(#clause, #(#more),*),
        }
    }

    /// A type from the user's signature, for use outside the impl block.
    pub(crate) fn outside(&self, ty: impl ToTokens) -> TokenStream {
        tokens::without_self(ty, self.self_ty)
    }

    /// The same, in a message. Where the type cannot travel there is an error about it, and nothing more.
    pub(crate) fn in_message(&self, ty: impl ToTokens) -> TokenStream {
        let ty = self.outside(ty);
        self.bounds
            .asked
            .get(&ty.to_string())
            .cloned()
            .unwrap_or(ty)
    }

    /// `: After<Page, ..>`, of the future of a task that may be none.
    pub(crate) fn future_in_message(&self, function: &Function) -> Option<TokenStream> {
        let krate = self.krate;
        let answer = self.outside(function.answer.as_ref()?);
        let asked = self.bounds.asked.get(&answer.to_string())?;
        let future = self.outside(function.future_type()?);
        Some(quote!(: #krate::__private::After<#future, #asked>))
    }

    /// The value of that parameter.
    pub(crate) fn given(&self, value: &Value) -> TokenStream {
        types::given(self.krate, &value.name, value.taken)
    }

    /// The parameters of a generated function for these arguments; `beside`: what else stands in its signature.
    pub(crate) fn parameters(&self, values: &[&Value], beside: TokenStream) -> Parameters {
        let mut beside = beside;
        let (generics, client) = (&self.server.generics, &self.server.names.client);
        beside.extend(quote!(#generics #client));
        let values: Vec<_> = values
            .iter()
            .map(|value| {
                let ty = syn::parse2(self.outside(&value.ty));
                let ty = ty.unwrap_or_else(|_| value.ty.clone());
                (&value.name, ty, value.taken)
            })
            .collect();
        let self_ty = self.self_ty;
        Parameters::new(self.krate, &values, quote!(#self_ty #beside))
    }

    /// The body of a function that takes the init arguments: nothing can be done with them if `#[init]` has a mistake.
    pub(crate) fn unless_init_is_broken(&self, body: TokenStream) -> TokenStream {
        let init = self.server.hooks.init.as_ref();
        if init.is_some_and(|init| init.broken) {
            return self.unreachable(&self.server.init_values());
        }
        body
    }

    /// The client's method for it is there to be called, so that its callers have no mistake, and does nothing.
    pub(crate) fn is_in_vain(&self, function: &Function) -> bool {
        function.broken || self.sends_nothing
    }

    /// The body of a function of these arguments that has a mistake.
    pub(crate) fn unreachable(&self, values: &[&Value]) -> TokenStream {
        let names = values.iter().map(|value| &value.name);
        quote!(let _ = (#(#names),*); ::core::unreachable!())
    }

    /// The name of a `cx` parameter: `_cx` where nothing uses it.
    pub(crate) fn cx_param(&self, used: bool) -> Ident {
        if used {
            self.cx.clone()
        } else {
            Ident::new("_cx", Span::mixed_site())
        }
    }

    /// The arguments of a call of the user's function, after the receiver.
    pub(crate) fn arguments(
        &self,
        function: &Function,
        mut value: impl FnMut(usize, &Ident) -> TokenStream,
    ) -> Vec<TokenStream> {
        let mut nth = 0;
        // What is given by the server is shown where the handler says what it takes.
        let given = matches!(function.role, Role::Hook(Hook::Exit | Hook::Down));
        let types = function
            .signature
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Typed(typed) => Some(types::span(&typed.ty)),
                FnArg::Receiver(_) => None,
            });
        let argument = |(param, at): (&Param, Span)| match param {
            Param::Context(other) => {
                let cx = respan(&self.cx.to_token_stream(), at);
                match other {
                    Some(other) if !function.is_async() => {
                        let own = self.own_context(other);
                        quote!(#own(#cx))
                    }
                    _ => cx,
                }
            }
            Param::ReplyTo => quote!(reply),
            Param::Value(of) => {
                nth += 1;
                let value = value(nth - 1, &of.name);
                if given { respan(&value, at) } else { value }
            }
        };
        function.params.iter().zip(types).map(argument).collect()
    }

    /// `<Other as OwnContext<Cache>>::own`, of a `Context<Other>`.
    fn own_context(&self, other: &Type) -> TokenStream {
        let (krate, self_ty) = (self.krate, self.self_ty);
        let own = quote!(#krate::__private::OwnContext<#self_ty>);
        question(types::span(other), self.outside(other), &own, "own")
    }

    /// Where the handler stands in the server's list of them.
    fn index_of(&self, handler: &Handler) -> Literal {
        let mut handlers = self.server.handlers.iter();
        let index = handlers.position(|other| std::ptr::eq(other, handler));
        Literal::usize_unsuffixed(index.unwrap_or_default())
    }

    /// The same, among all handlers of the server.
    pub(crate) fn number_of(&self, handler: &Handler) -> TokenStream {
        let index = self.index_of(handler);
        match self.in_server() {
            Some(in_server) => {
                let krate = self.krate;
                quote!(#krate::__private::in_part(#in_server::BEGIN, #index))
            }
            None => index.into_token_stream(),
        }
    }

    /// For a part: its place in the server.
    pub(crate) fn in_server(&self) -> Option<TokenStream> {
        let (krate, self_ty) = (self.krate, self.self_ty);
        let marker = &self.server.part.as_ref()?.name;
        Some(quote!(#krate::__private::InServer::<#self_ty, #marker>))
    }

    /// The type of a server's calls, casts or infos: the enum, or one without values where there are none.
    pub(crate) fn message_type(&self, message: Message) -> TokenStream {
        if !self.server.has(message) {
            let krate = self.krate;
            return quote!(#krate::NoMessage);
        }
        let (name, ty_generics) = (self.server.names.of(message), &self.ty_generics);
        quote!(#name #ty_generics)
    }

    /// The call, awaited if it has to be.
    pub(crate) fn awaited(&self, function: &Function, call: TokenStream) -> TokenStream {
        self.awaited_as(function, call, &|future| future)
    }

    /// The same, with what `begin` makes of its future.
    pub(crate) fn awaited_as(
        &self,
        function: &Function,
        call: TokenStream,
        begin: &dyn Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        if !function.is_async() {
            return call;
        }
        let future = begin(self.future(function, &call));
        let awaited = respan(&quote!(.await), function.name().span());
        quote!(#future #awaited)
    }

    /// The future of an `async` handler. An error about one that is not `Send` is shown at the handler's name.
    pub(crate) fn future(&self, function: &Function, call: &TokenStream) -> TokenStream {
        let at = function.name().span();
        let held = self.held_at(function, at);
        let send = |future| {
            let passed = self.passed(held.as_ref(), future, at);
            match function.kept {
                Some(kept) => self.required(kept, passed),
                None => {
                    let future = self.handler_future(passed, at, at);
                    let send = written_at(&quote!(send), at);
                    quote!(#future.#send())
                }
            }
        };
        self.future_by(function, call, &send)
    }

    /// The same, where `Send` is asked of it by what stands around it.
    pub(crate) fn future_as_is(&self, function: &Function, call: &TokenStream) -> TokenStream {
        let at = function.name().span();
        let held = self.held_at(function, at);
        let pass = |future| {
            let passed = self.passed(held.as_ref(), future, at);
            match function.kept {
                Some(kept) => self.required(kept, passed),
                None => passed,
            }
        };
        self.future_by(function, call, &pass)
    }

    /// The future, but where there is an error already about what it holds.
    fn passed(&self, held: Option<&TokenStream>, future: TokenStream, at: Span) -> TokenStream {
        let future = respan(&future, at);
        match held {
            None => future,
            Some(held) => quote_spanned!(at=> #held.pass(#future)),
        }
    }

    /// The future, of which is asked that it is `Send`. Of one that is not there is an error at what is kept, and no other.
    fn required(&self, kept: Kept, passed: TokenStream) -> TokenStream {
        let krate = self.krate;
        let future = self.handler_future(passed, kept.from, kept.over);
        quote!(#krate::__private::SendFuture::require(#future).pass())
    }

    /// The future as the user's own, from one place to another: an error about it is shown there, and names no macro.
    fn handler_future(&self, passed: TokenStream, from: Span, to: Span) -> TokenStream {
        let krate = self.krate;
        let future = quote!(#krate::__private::HandlerFuture::of(#passed));
        tokens::call_between(&future, from, to)
    }

    fn future_by(
        &self,
        function: &Function,
        call: &TokenStream,
        wrap: &dyn Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let (krate, self_ty) = (self.krate, self.self_ty);
        // Beside the future, all of which is shown at the handler's name.
        let other = function.params.iter().find_map(|param| match param {
            Param::Context(other) => other.as_deref(),
            Param::ReplyTo | Param::Value(_) => None,
        });
        let own = other.map(|other| {
            let own = self.own_context(other);
            quote!(let _ = #own;)
        });
        let Some(and) = function.borrows() else {
            let future = wrap(call.clone());
            return own.map_or_else(|| future.clone(), |own| quote!({ #own #future }));
        };
        let how_name = Ident::new("how", Span::mixed_site());
        // An error about the state is shown at the `&`.
        let how = quote_spanned!(and=> #krate::__private::Borrowed::<#self_ty>::new().how());
        let passed = wrap(quote!(#how_name.pass(#call)));
        quote! {({
            use #krate::__private::Unshared as _;
            #own
            let #how_name = #how;
            #passed
        })}
    }

    /// `use NotSend as _;`, where [`held`](Self::held) is in what is generated: what it finds its other half by.
    pub(crate) fn not_send(&self) -> Option<TokenStream> {
        let krate = self.krate;
        let mut waiting = self
            .server
            .functions()
            .filter(|function| function.is_async());
        waiting
            .any(|function| self.held(function).is_some())
            .then(|| quote!(use #krate::__private::NotSend as _;))
    }

    /// `Held::<Job>::HOW`, where one of the types may be no traveler.
    pub(crate) fn held(&self, function: &Function) -> Option<TokenStream> {
        self.held_at(function, Span::call_site())
    }

    /// The same, shown there; but for the types: of one that there is not, rustc says so once.
    fn held_at(&self, function: &Function, at: Span) -> Option<TokenStream> {
        let krate = self.krate;
        let may_not = |ty: &&Type| self.bounds.may_not_travel(self.server, ty);
        let types = function.traveling().filter(may_not);
        let held: Vec<_> = types.map(|ty| self.outside(ty)).collect();
        let ty = match &*held {
            [] => return None,
            [only] => only.clone(),
            several => quote!((#(#several),*)),
        };
        let held = respan(&quote!(#krate::__private::Held), at);
        Some(quote_spanned!(at=> #held::<#ty>::HOW))
    }

    /// What comes of a handler that nobody waits for; `wrap` makes it of what the handler returns. An error about that is
    /// shown where the handler says what it returns.
    pub(crate) fn outcome(
        &self,
        function: &Function,
        call: TokenStream,
        wrap: &dyn Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        self.outcome_of(function, self.awaited(function, call), wrap)
    }

    /// The same, of a call that is awaited already.
    pub(crate) fn outcome_of(
        &self,
        function: &Function,
        call: TokenStream,
        wrap: &dyn Fn(TokenStream) -> TokenStream,
    ) -> TokenStream {
        if function.diverges() {
            return call;
        }
        if function.returns_unit() {
            return wrap(call);
        }
        call_at_return_type(&function.signature.output, &wrap(call))
    }

    /// Whether the enum of these messages has a variant that keeps the server's parameters in use, or one for no message at all.
    pub(crate) fn has_never(&self, sort: Message) -> bool {
        if self.server.parts.is_empty() && self.server.of(sort).next().is_none() {
            return true;
        }
        let unmentioned = |param: &&Ident| {
            !self.server.of(sort).any(|handler| {
                let function = &handler.function;
                let mentions = match sort {
                    // The request does.
                    Message::Call => true,
                    Message::Cast | Message::Info => mentions(function, param),
                };
                mentions && function.carried.cfgs.is_empty()
            })
        };
        let params = self.server.generics.type_params();
        params
            .map(|param| &param.ident)
            .any(|param| unmentioned(&param))
    }

    /// Whether the request of this call needs a field that mentions the server's parameters.
    pub(crate) fn has_marker(&self, function: &Function) -> bool {
        let params = self.server.generics.type_params();
        params
            .map(|param| &param.ident)
            .any(|param| !mentions(function, param))
    }
}

/// An error about what a function returns is shown where it says so.
pub(crate) fn at_return_type(output: &ReturnType, tokens: &TokenStream) -> TokenStream {
    match output {
        ReturnType::Type(_, ty) => respan(tokens, types::span(ty)),
        ReturnType::Default => tokens.clone(),
    }
}

/// The same of a call, `Outcome::into_result(Cache::save(server, new))`: rustc takes it and its argument for the user's own, and says
/// nothing of the macro.
pub(crate) fn call_at_return_type(output: &ReturnType, call: &TokenStream) -> TokenStream {
    let at = match output {
        ReturnType::Type(_, ty) => types::span(ty),
        ReturnType::Default => return call.clone(),
    };
    let mut tokens: Vec<_> = respan(call, at).into_iter().collect();
    if let Some(TokenTree::Group(given)) = tokens.last_mut() {
        *given = Group::new(given.delimiter(), written(given.stream(), at));
    }
    written(tokens, at)
}

/// The tokens as the user's own, at this place; what is inside of them stays as it is.
fn written(tokens: impl IntoIterator<Item = TokenTree>, at: Span) -> TokenStream {
    let written = |mut token: TokenTree| {
        token.set_span(at);
        token
    };
    tokens.into_iter().map(written).collect()
}

fn self_path(self_ty: &TokenStream) -> TokenStream {
    match syn::parse2::<syn::Path>(self_ty.clone()) {
        Ok(path)
            if path
                .segments
                .iter()
                .all(|segment| segment.arguments.is_none()) =>
        {
            self_ty.clone()
        }
        _ => quote!(<#self_ty>),
    }
}

/// Whether an argument's type is certain to mention this parameter: a macro may leave out what it is given.
fn mentions(function: &Function, param: &Ident) -> bool {
    function.values().any(|Value { ty, .. }| {
        let ty = ty.to_token_stream();
        !ty.to_string().contains('!') && tokens::mention(ty, param)
    })
}
