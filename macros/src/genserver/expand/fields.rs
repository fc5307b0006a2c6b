//! The arguments of a handler as the fields of its message, or of its request.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::genserver::expand::scope::Scope;
use crate::genserver::model::{Handler, Value};
use crate::types::Taken;

/// Names in braces, or nothing where there are none.
pub(crate) struct Fields<'a> {
    scope: &'a Scope<'a>,
    values: Vec<&'a Value>,
    /// A field that mentions the server's type, for a struct with its parameters.
    marker: bool,
}

impl<'a> Fields<'a> {
    /// Of a variant of an enum of messages.
    pub(crate) fn of_message(scope: &'a Scope<'a>, handler: &'a Handler) -> Self {
        Self {
            scope,
            values: handler.function.values().collect(),
            marker: false,
        }
    }

    /// Of the request of a call.
    pub(crate) fn of_request(scope: &'a Scope<'a>, handler: &'a Handler) -> Self {
        Self {
            marker: scope.has_marker(&handler.function),
            ..Self::of_message(scope, handler)
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.values.is_empty() && !self.marker
    }

    pub(crate) const fn has_values(&self) -> bool {
        !self.values.is_empty()
    }

    /// `{ new: String }`, where the type is declared.
    pub(crate) fn declaration(&self) -> TokenStream {
        let self_ty = self.scope.self_ty;
        self.in_braces(
            |Value { name, ty, .. }| {
                let ty = self.scope.in_message(ty);
                quote!(#name: #ty)
            },
            &quote!(__server: ::core::marker::PhantomData<fn() -> #self_ty>),
        )
    }

    /// `{ new }`, where a message is taken apart.
    pub(crate) fn pattern(&self) -> TokenStream {
        self.in_braces(|Value { name, .. }| quote!(#name), &quote!(..))
    }

    /// `{ new: IntoArg::into_arg(new) }`, where a client method makes a message.
    pub(crate) fn value(&self) -> TokenStream {
        self.in_braces(
            |value @ Value { name, taken, .. }| {
                if *taken != Taken::Value {
                    let given = self.scope.given(value);
                    quote!(#name: #given)
                } else {
                    quote!(#name)
                }
            },
            &quote!(__server: ::core::marker::PhantomData),
        )
    }

    /// `IntoArg::into_arg(new)`, or `(IntoArg::into_arg(new), times)`: the arguments that a client method was given.
    pub(crate) fn given(&self) -> TokenStream {
        self.as_args(|value| {
            if value.taken != Taken::Value {
                self.scope.given(value)
            } else {
                value.name.to_token_stream()
            }
        })
    }

    /// `String`, or `(String, u64)`: what the caller gets back when the message is not sent.
    pub(crate) fn args_type(&self) -> TokenStream {
        self.as_args(|Value { ty, .. }| self.scope.in_message(ty))
    }

    /// `new`, or `(new, times)`, of names that `of` leads to.
    pub(crate) fn args(&self, of: &TokenStream) -> TokenStream {
        self.as_args(|Value { name, .. }| quote!(#of #name))
    }

    /// One value by itself, any other number of them as a tuple.
    fn as_args(&self, arg: impl Fn(&Value) -> TokenStream) -> TokenStream {
        let args: Vec<_> = self.values.iter().map(|value| arg(value)).collect();
        match &*args {
            [arg] => arg.clone(),
            args => quote!((#(#args),*)),
        }
    }

    fn in_braces(
        &self,
        field: impl Fn(&Value) -> TokenStream,
        marker: &TokenStream,
    ) -> TokenStream {
        if self.is_empty() {
            return TokenStream::new();
        }
        let fields = self.values.iter().map(|value| field(value));
        let marker = self.marker.then_some(marker);
        let fields = fields.chain(marker.cloned());
        quote!({ #(#fields),* })
    }
}
