//! Checks that arguments and replies may travel: from the types of the model to assertions and where predicates.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use crate::checked::{checked, question};
use crate::genserver::model::{Function, Handler, Server};
use crate::genserver::role::{Hook, Message, Role};
use crate::tokens;
use crate::types;

/// What the types in messages have to be.
///
/// A type that cannot travel makes one error, at that type: what implements `TakenAlong` for it makes it. A predicate on all other
/// generated impls lets them take the type for granted, and its `for<..>` makes rustc believe what is not so (rust#48214). It is met
/// without a look at the type: were it not, `Cache: GenServer` would depend on it, and a message may well hold clients and supervisors
/// that depend on `Cache`. rustc would run in circles, for long or for ever.
///
/// Of what a future holds, though, rustc asks for whatever time it lives, and the name of a type may hide that it is a `Box<dyn Job>`, of
/// which the predicate would say that it lives for ever. So where a handler waits, the predicates on such types are for the impls without
/// futures. The others have one on the enum of the messages, or on the request, which hide nothing of that kind; and of the reply handle, which
/// such a future holds, `Held` lets go.
///
/// What is known by its spelling to be no traveler, `Rc<T>` for one, holds nothing of that kind: of it the error is in our words.
///
/// The server's own parameters are `Send + 'static`, and what is associated with them is `Send` where it travels.
#[derive(Default)]
pub(crate) struct Bounds {
    /// What all generated impls take for granted.
    pub(crate) predicates: Vec<TokenStream>,
    /// Those of them that are of the server's own parameters: the first.
    pub(crate) parameters: Vec<TokenStream>,
    /// What is taken for granted of types, by how they are spelled, where there are no futures that hold them.
    held: BTreeMap<String, TokenStream>,
    /// What is taken for granted elsewhere: that the messages with these types may travel, and the requests, by their names.
    messages: Vec<(Message, TokenStream)>,
    requests: BTreeMap<String, TokenStream>,
    /// That the state may travel. Where `Cache: GenServer` is asked, `Cache: Send` would be asked again: the predicate lets it be taken
    /// for granted. What implements `ServerState` is the one place that asks, and costs nothing where it is required.
    pub(crate) state: TokenStream,
    /// `T: 'static`, where the user does not say so: what stands in a type that mentions the server has to.
    pub(crate) lives: Vec<TokenStream>,
    pub(crate) checks: TokenStream,
    /// What stands for a type in messages that is none by its spelling.
    pub(crate) asked: BTreeMap<String, TokenStream>,
    /// Those of them that a future may be given.
    doubted: BTreeSet<String>,
    /// How many types were looked at.
    taken: usize,
}

impl Bounds {
    pub(crate) fn new(server: &Server) -> Self {
        let mut bounds = Self::default();
        let mut seen = BTreeSet::new();
        let (krate, self_ty) = (&server.krate, &server.self_ty);
        for param in server.generics.type_params() {
            let (sends, lives) = types::said(param, &server.generics);
            let ident = &param.ident;
            bounds.predicates.extend(match (sends, lives) {
                (true, true) => None,
                (true, false) => Some(quote!(#ident: 'static)),
                (false, true) => Some(quote!(#ident: ::core::marker::Send)),
                (false, false) => Some(quote!(#ident: ::core::marker::Send + 'static)),
            });
            bounds
                .lives
                .extend((!lives).then(|| quote!(#ident: 'static)));
        }
        bounds.parameters = bounds.predicates.clone();
        bounds.state = quote!(#self_ty: for<'__any> #krate::ServerState<'__any>);
        // Where a type is a handler's and of `#[init]`, the handler's is looked at.
        let sound = server.functions().filter(|function| !function.broken);
        let mut functions: Vec<_> = sound.collect();
        if has_futures(server) {
            functions.sort_by_key(|function| matches!(function.role, Role::Hook(_)));
        }
        for function in functions {
            bounds.add_task(server, function);
            for ty in function.traveling() {
                if seen.insert(quote!(#ty).to_string()) {
                    bounds.add(server, function, ty);
                }
            }
        }
        bounds.add_messages(server);
        bounds
    }

    /// Whether this may be no traveler, and there is an error about it then: the future of a handler that is given or returns it need not
    /// say so once more.
    pub(crate) fn may_not_travel(&self, server: &Server, ty: &Type) -> bool {
        let outside = tokens::without_self(ty, &server.self_ty);
        self.held.contains_key(&quote!(#ty).to_string())
            || self.doubted.contains(&outside.to_string())
    }

    /// What is taken for granted of those of these types.
    pub(crate) fn held<'t>(&self, types: impl Iterator<Item = &'t Type>) -> Vec<TokenStream> {
        let spelled: BTreeSet<_> = types.map(|ty| quote!(#ty).to_string()).collect();
        let held = self.held.iter().filter(|(ty, _)| spelled.contains(*ty));
        held.map(|(_, granted)| granted.clone()).collect()
    }

    /// What is taken for granted of messages, of this sort or of all.
    pub(crate) fn granted(&self, of: Option<Message>) -> Vec<TokenStream> {
        let messages = self.messages.iter();
        let messages = messages.filter(|(sort, _)| of.is_none_or(|of| of == *sort));
        messages.map(|(_, granted)| granted.clone()).collect()
    }

    /// What is taken for granted of the request of this call, where its future is.
    pub(crate) fn request(&self, handler: &Handler) -> Option<TokenStream> {
        self.requests.get(&handler.request.to_string()).cloned()
    }

    /// That messages may travel with the types that futures may hold.
    ///
    /// ```text
    /// impl TakenAlong<'_, Cache, (), 1> for CacheCast where Job: for<'__any> TakenAlong<'__any, Cache, (), 0> {}
    /// ```
    fn add_messages(&mut self, server: &Server) {
        let (_, ty_generics, _) = server.generics.split_for_impl();
        for sort in Message::ALL {
            let held = self.held(
                server
                    .of(sort)
                    .flat_map(|handler| handler.function.traveling()),
            );
            if held.is_empty() {
                continue;
            }
            let messages = server.names.of(sort);
            let granted = self.grant(server, &quote!(#messages #ty_generics), &held);
            self.messages.push((sort, granted));
        }
        for handler in server.of(Message::Call) {
            let held = self.held(handler.function.values().map(|value| &value.ty));
            if !held.is_empty() && handler.function.is_async() {
                let request = &handler.request;
                let granted = self.grant(server, &quote!(#request #ty_generics), &held);
                self.requests.insert(request.to_string(), granted);
            }
        }
    }

    /// That a type of ours may travel where these predicates hold, and a predicate that says it.
    fn grant(&mut self, server: &Server, ty: &TokenStream, held: &[TokenStream]) -> TokenStream {
        let (krate, self_ty) = (&server.krate, &server.self_ty);
        let (impl_generics, _, _) = server.generics.split_for_impl();
        // Those of the parameters stand first, and are in every such clause.
        let others = self.predicates.get(self.parameters.len()..);
        let more = [others.unwrap_or_default(), held].concat();
        let (part, nth, clause) = self.place(server, &more);
        self.checks.extend(quote! {
            impl #impl_generics #krate::TakenAlong<'_, #self_ty, #part, #nth> for #ty #clause {}
        });
        quote!(#ty: for<'__any> #krate::TakenAlong<'__any, #self_ty, #part, #nth>)
    }

    /// What comes of a task is asked of the type of its future, which may be none.
    ///
    /// ```text
    /// impl Asks<(), 0> for Cache { type Asked = <Checked<Page, { asked::<<Page as Future>::Output>() }> as Future>::Output; }
    /// ```
    fn add_task(&mut self, server: &Server, function: &Function) {
        let (Some(answer), Some(future)) = (&function.answer, function.future_type()) else {
            return;
        };
        let (krate, self_ty) = (&server.krate, &server.self_ty);
        let outside = tokens::without_self(future, self_ty);
        let params = types::parameter_names(&server.generics);
        let is_known = tokens::mention_any(outside.clone(), &params);
        if is_known || types::is_boxed(future) || !function.carried.cfgs.is_empty() {
            return;
        }
        let is_future = quote!(::core::future::Future);
        let asked = question(types::span(future), &outside, &is_future, "Output");
        let checked = checked(krate, &outside, &asked);
        let asked = quote!(<#checked as ::core::future::Future>::Output);
        let of = self.asks(server, &asked);
        let answer = tokens::without_self(answer, self_ty);
        self.asked.insert(answer.to_string(), of);
    }

    /// A question of this server: what implements it, and the type that it gives.
    fn asks(&mut self, server: &Server, asked: &TokenStream) -> TokenStream {
        let (krate, self_ty) = (&server.krate, &server.self_ty);
        let (impl_generics, _, _) = server.generics.split_for_impl();
        let (part, nth, clause) = self.place(server, &[]);
        let private = quote!(#krate::__private);
        self.checks.extend(quote! {
            impl #impl_generics #private::Asks<#part, #nth> for #self_ty #clause {
                type Asked = #asked;
            }
        });
        quote!(<#self_ty as #private::Asks<#part, #nth>>::Asked)
    }

    /// The part, the next number in it, and the where clause of what is implemented for it.
    fn place(
        &mut self,
        server: &Server,
        more: &[TokenStream],
    ) -> (TokenStream, Literal, Option<TokenStream>) {
        let part = server.part.as_ref();
        let part = part.map_or_else(|| quote!(()), |part| part.name.to_token_stream());
        let nth = Literal::usize_unsuffixed(self.taken);
        self.taken += 1;
        let clause = server.generics.where_clause.iter();
        let clause = clause.flat_map(|clause| &clause.predicates);
        let clause: Vec<_> = clause
            .map(ToTokens::to_token_stream)
            .chain(self.parameters.iter().chain(more).cloned())
            .collect();
        let clause = (!clause.is_empty()).then(|| quote!(where #(#clause),*));
        (part, nth, clause)
    }

    fn add(&mut self, server: &Server, function: &Function, ty: &Type) {
        if types::is_everyday(ty, &server.generics) {
            return;
        }
        let krate = &server.krate;
        let outside = tokens::without_self(ty, &server.self_ty);
        if let Some(answer) = self.asked.get(&outside.to_string()) {
            let check = assertion(krate, &TokenStream::new(), answer);
            self.checks.extend(check);
            return;
        }
        let params = types::parameter_names(&server.generics);
        if tokens::mention_any(outside.clone(), &params) {
            if !function.carried.cfgs.is_empty() {
                return;
            }
            if types::mentions_associated(outside.clone(), &params) {
                // Known when the parameters are, as what these have to be is; but not by asking for the server.
                if !tokens::mention(outside.clone(), &server.ident) {
                    self.predicates.push(quote!(#outside: ::core::marker::Send));
                }
            } else if types::covers(ty) {
                self.take_along(server, ty, &outside);
            }
            return;
        }
        // There is no `#[cfg]` on a predicate: the type may not even exist.
        // Nor one that asks for the server to say what the type is, or that says how long something in it lives: rustc would take
        // that for granted, too.
        let by_trait = types::mentions_associated(outside.clone(), &params);
        if function.role == Role::Hook(Hook::Init)
            && !by_trait
            && !types::mentions_lifetimes(outside.clone())
            && function.carried.cfgs.is_empty()
            && !is_in_messages(server, ty)
        {
            self.ask(server, ty, &outside);
            return;
        }
        let lives = types::mentions_lifetimes(outside.clone())
            || function.role == Role::Hook(Hook::Init)
            || is_asked_elsewhere(server);
        if by_trait || (lives && !types::cannot_travel(ty)) || !function.carried.cfgs.is_empty() {
            self.checks
                .extend(assertion(krate, &function.carried.cfg(), &outside));
            return;
        }
        self.take_along(server, ty, &outside);
    }

    /// The question whether a type may travel, in our words. Where the answer is no, it stands for no type, of which nothing else is said.
    fn ask(&mut self, server: &Server, ty: &Type, outside: &TokenStream) {
        let krate = &server.krate;
        let asked = question(
            types::span(ty),
            outside,
            &quote!(#krate::MessagePart),
            "Itself",
        );
        let of = self.asks(server, &checked(krate, quote!(()), &asked));
        let after = quote!(#krate::__private::After<#outside, #of>);
        self.doubted.insert(outside.to_string());
        self.asked.insert(outside.to_string(), after);
    }

    /// ```text
    /// impl TakenAlong<'_, Cache, (), 0> for Score {}      Score: for<'__any> TakenAlong<'__any, Cache, (), 0>
    /// ```
    ///
    /// Of a type that is none by its spelling, in our words:
    ///
    /// ```text
    /// impl Asks<(), 0> for Cache { type Asked = Checked<(), { asked::<<Rc<u8> as MessagePart>::Itself>() }>; }
    /// struct CacheSetCall { to: After<Rc<u8>, <Cache as Asks<(), 0>>::Asked> }
    /// ```
    fn take_along(&mut self, server: &Server, ty: &Type, outside: &TokenStream) {
        let (krate, self_ty, at) = (&server.krate, &server.self_ty, types::span(ty));
        // A constant knows no parameters.
        let params = types::parameter_names(&server.generics);
        if types::cannot_travel(ty) && !tokens::mention_any(outside.clone(), &params) {
            self.ask(server, ty, outside);
            return;
        }
        let (impl_generics, _, _) = server.generics.split_for_impl();
        let (part, nth, clause) = self.place(server, &[]);
        let taken = |life: TokenStream| quote!(TakenAlong<#life, #self_ty, #part, #nth>);
        let granted = taken(quote!('__any));
        let granted = quote!(#outside: for<'__any> #krate::#granted);
        if has_futures(server) && !tokens::mention_any(outside.clone(), &params) {
            self.held.insert(quote!(#ty).to_string(), granted);
        } else {
            self.predicates.push(granted);
        }
        let asked = taken(quote!('_));
        let asked = quote_spanned!(at=> #asked);
        self.checks.extend(quote! {
            impl #impl_generics #krate::#asked for #outside #clause {}
        });
    }
}

/// Whether a type of `#[init]` is one of a handler, too.
fn is_in_messages(server: &Server, ty: &Type) -> bool {
    let spelled = quote!(#ty).to_string();
    let handlers = server
        .functions()
        .filter(|function| !matches!(function.role, Role::Hook(_)));
    let mut types = handlers.flat_map(Function::traveling);
    types.any(|other| quote!(#other).to_string() == spelled)
}

/// Whether a handler waits.
fn has_futures(server: &Server) -> bool {
    server.functions().any(Function::is_async)
}

/// Whether the messages are in those of another block.
fn is_asked_elsewhere(server: &Server) -> bool {
    server.part.is_some() || !server.parts.is_empty()
}

fn assertion(krate: &TokenStream, cfg: &TokenStream, ty: &TokenStream) -> TokenStream {
    quote! {
        #cfg
        const _: fn() = <#ty as #krate::__private::MessagePart>::travels;
    }
}
