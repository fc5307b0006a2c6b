//! The type of a supervisor, which is the handle of the running one: what every kind of supervisor has.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{ConstParam, GenericParam};

use crate::supervisor::expand::functions::args_type;
use crate::supervisor::expand::{cfg, children, head, name};
use crate::supervisor::model::{Fields, Form, Supervisor};
use crate::types;

/// The type, and what it is made of.
pub(crate) struct Handle<'a> {
    pub(crate) supervisor: &'a Supervisor,
    /// A line of docs, where the user wrote none.
    pub(crate) docs: String,
    /// The handles of children.
    pub(crate) fields: Vec<Field>,
    /// The name of the field of the reference.
    pub(crate) own: Ident,
    /// The path of the reference's type, without what it is generic over.
    pub(crate) reference: TokenStream,
    /// The type of the reference, as it is kept.
    pub(crate) kept: TokenStream,
    /// The same, as others meet it.
    pub(crate) target: TokenStream,
    /// Where an error about the type of the reference is shown.
    pub(crate) at: Span,
    /// The where clause of every implementation.
    pub(crate) required: TokenStream,
    /// That of the type: what a generic one needs beyond it is asked where it is started.
    pub(crate) required_to_name: TokenStream,
    /// The trait of this kind of supervisor.
    pub(crate) behaviour: &'static str,
}

/// Whether a child's type has arguments. One of them that there is not may be meant for a parameter: where there is a list of them, though
/// empty, rustc says no more of it here than elsewhere, and so says it once.
fn has_generic_children(supervisor: &Supervisor) -> bool {
    let Fields {
        dynamic, partition, ..
    } = &supervisor.fields;
    let of_children = supervisor
        .children()
        .iter()
        .filter_map(|child| match &child.form {
            Form::Type { ty, .. } => Some(ty),
            Form::Inline(_) | Form::Task(_) | Form::Spec(_) => None,
        });
    let types = of_children.chain(dynamic.iter().flatten());
    let mut types = types.chain(partition.iter().map(|of| &of.ty));
    types.any(types::has_arguments)
}

/// The handle of a child, or of many.
pub(crate) struct Field {
    pub(crate) cfg: TokenStream,
    pub(crate) name: Ident,
    pub(crate) ty: TokenStream,
    /// The value to begin with.
    pub(crate) vacant: TokenStream,
}

impl Handle<'_> {
    /// The type, and its implementations, with those `items` of its own.
    ///
    /// ```text
    /// struct App { cache: <Cache as Child>::Handle, supervisor: SupervisorRef }
    /// impl Child for App { .. }   impl Deref for App { .. }
    /// ```
    pub(crate) fn expand(&self, items: &TokenStream) -> TokenStream {
        let supervisor = self.supervisor;
        let Supervisor {
            vis,
            ident,
            generics,
            ..
        } = supervisor;
        let head = head(supervisor, &self.docs);
        let cfg = cfg(supervisor);
        let implemented = self.handle_traits();
        let (child, deref) = (self.child(), self.deref());
        let params = generics.params.iter();
        let declared = (supervisor.is_generic() || has_generic_children(supervisor))
            .then(|| quote!(<#(#params),*>));
        let (_, ty_generics, _) = generics.split_for_impl();
        // Bounds on the parameters of an alias say nothing.
        let names = generics.params.iter().filter_map(|param| match param {
            GenericParam::Type(param) => Some(param.ident.to_token_stream()),
            GenericParam::Const(ConstParam { ident, ty, .. }) => Some(quote!(const #ident: #ty)),
            GenericParam::Lifetime(_) => None,
        });
        let alias = supervisor.is_generic().then(|| quote!(<#(#names),*>));
        let of_struct = &self.required_to_name;
        let fields = self.fields.iter().map(|field| {
            let Field { cfg, name, ty, .. } = field;
            quote!(#cfg #name: #ty,)
        });
        let types: Vec<_> = generics.type_params().map(|param| &param.ident).collect();
        let marker = self.marker(&quote!(::core::marker::PhantomData<fn() -> (#(#types,)*)>));
        let (own, kept) = (&self.own, &self.kept);
        quote! {
            #head
            #vis struct #ident #declared #of_struct {
                #(#fields)*
                #own: #kept,
                #marker
            }

            #cfg
            const _: () = {
                type __Supervisor #alias = #ident #ty_generics;

                #items
                #child
                #implemented
                #deref
            };
        }
    }

    /// The type that `named` returns, and its value, of one without children that it has handles to.
    pub(crate) fn named(&self) -> Option<(TokenStream, TokenStream)> {
        let (name, reference) = (name(self.supervisor)?, &self.reference);
        Some((quote!(Self), self.around(&quote!(#reference::named(#name)))))
    }

    /// `Self { supervisor: .. }`, of one without children that it has handles to.
    fn around(&self, reference: &TokenStream) -> TokenStream {
        let (marker, own) = (self.marker(&quote!(::core::marker::PhantomData)), &self.own);
        quote!(Self { #own: #reference, #marker })
    }

    /// `Clone` and `Debug`. Not derived: that would ask them of the parameters, and rust-analyzer looks for what is half typed at the
    /// first place where it stands, and offers nothing inside of a derive.
    fn handle_traits(&self) -> TokenStream {
        let (supervisor, own, required) = (self.supervisor, &self.own, &self.required);
        let fields = self.fields.iter().map(|field| (&field.cfg, &field.name));
        let (cfgs, fields): (Vec<_>, Vec<_>) = fields.unzip();
        let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
        let ident = &supervisor.ident;
        let text = ident.unraw().to_string();
        let marker = self.marker(&quote!(::core::marker::PhantomData));
        let debug = Ident::new("debug", Span::mixed_site());
        let names = fields.iter().map(|field| field.unraw().to_string());
        let (shown, finish) = if supervisor.is_generic() {
            (None, quote!(finish_non_exhaustive))
        } else {
            let name = own.to_string();
            let shown = quote!(#debug.field(#name, &self.#own););
            (Some(shown), quote!(finish))
        };
        quote! {
            impl #impl_generics ::core::clone::Clone for #ident #ty_generics #required {
                fn clone(&self) -> Self {
                    Self {
                        #(#cfgs #fields: ::core::clone::Clone::clone(&self.#fields),)*
                        #own: ::core::clone::Clone::clone(&self.#own),
                        #marker
                    }
                }
            }

            impl #impl_generics ::core::fmt::Debug for #ident #ty_generics #required {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    let mut #debug = f.debug_struct(#text);
                    #(#cfgs #debug.field(#names, &self.#fields);)*
                    #shown
                    #debug.#finish()
                }
            }
        }
    }

    /// A last field that mentions the types the supervisor is generic over, if there are some: no child need do so.
    ///
    /// A partition supervisor has one, too: whether a struct has a size is asked of its last field, and what is asked of a partition
    /// must not depend on that, since a partition may keep the handle of its own supervisor.
    fn marker(&self, value: &TokenStream) -> Option<TokenStream> {
        self.has_marker().then(|| quote!(__marker: #value,))
    }

    fn has_marker(&self) -> bool {
        self.supervisor.generics.type_params().next().is_some()
            || self.supervisor.fields.partition.is_some()
    }

    fn child(&self) -> TokenStream {
        let (supervisor, required) = (self.supervisor, &self.required);
        let Supervisor { krate, params, .. } = supervisor;
        let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
        let args_type = args_type(supervisor);
        let form = (params.len() > 1).then(|| quote!(<#krate::Each>));
        let vacant = self.fields.iter().map(|field| {
            let Field {
                cfg, name, vacant, ..
            } = field;
            quote!(#cfg #name: #vacant,)
        });
        let marker = self.marker(&quote!(::core::marker::PhantomData));
        let (own, reference) = (&self.own, &self.reference);
        let behaviour = Ident::new(self.behaviour, Span::call_site());
        let depth = children::depth(supervisor);
        quote! {
            impl #impl_generics #krate::Child for __Supervisor #ty_generics #required {
                #args_type
                type Handle = Self;

                const RESTART: ::core::option::Option<#krate::Restart> =
                    ::core::option::Option::Some(#krate::Restart::Permanent);

                #depth

                fn vacant() -> Self {
                    Self { #(#vacant)* #own: #reference::vacant(), #marker }
                }

                fn declared_tree() -> ::core::option::Option<#krate::DeclaredTree> {
                    ::core::option::Option::Some(Self::tree())
                }

                fn child_spec(
                    handle: &Self,
                    id: impl ::core::convert::Into<#krate::ChildId>,
                    args: Self::Args,
                ) -> #krate::ChildSpec {
                    #krate::#behaviour::as_child(handle, id, args)
                }
            }

            impl #impl_generics #krate::OnDemand for __Supervisor #ty_generics #required {
                type Given = #krate::Cloned #form;
            }
        }
    }

    fn deref(&self) -> TokenStream {
        let (supervisor, own, required) = (self.supervisor, &self.own, &self.required);
        let ident = &supervisor.ident;
        let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
        let target = &self.target;
        let target = quote_spanned!(self.at=> type Target = #target;);
        quote! {
            #[automatically_derived]
            impl #impl_generics ::core::ops::Deref for #ident #ty_generics #required {
                #target

                fn deref(&self) -> &Self::Target {
                    &self.#own
                }
            }
        }
    }
}
