//! A supervisor whose children are started later, of one type or of several.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use crate::supervisor::expand::children::{checks, required, required_params};
use crate::supervisor::expand::fixed::{
    alias_generics, args_type, declared_generics, given_args, handle_traits, marked, marker,
};
use crate::supervisor::expand::functions::Functions;
use crate::supervisor::expand::{cfg, deref, head, intensity, name_callback};
use crate::supervisor::model::Supervisor;
use crate::tokens::mention_any;
use crate::types::{self, Parameters, parameter_names};

/// ```text
/// Rooms(name = "rooms") {        struct Rooms { supervisor: DynamicSupervisorRef<Room> }
///     dynamic: Room              impl Rooms { start_link, child_spec, named }
/// }                              impl DynamicSupervisor for Rooms, impl Child for Rooms
/// ```
///
/// With `dynamic: Room | Game` the reference is a `DynamicSupervisorRef<OneOf<Rooms>>`, and each type is a `ChildOf<Rooms>`. With
/// `extra_arguments: [config]` it is a `DynamicSupervisorRef<WithExtra<Room, (Config,)>>`.
pub(crate) fn expand(supervisor: &Supervisor, types: &[Type]) -> TokenStream {
    let Supervisor {
        krate, vis, ident, ..
    } = supervisor;
    let children = children(supervisor, types);
    let first = types.first().map_or_else(Span::call_site, types::span);
    let reference = quote!(#krate::DynamicSupervisorRef<#children>);
    let head = head(
        supervisor,
        &format!(" The dynamic supervisor `{ident}`: its children are started one by one."),
    );
    let name = name_callback(supervisor);
    let own = Ident::new("supervisor", Span::call_site());
    // A generic one takes nothing for granted but its arguments, as those with a list of children do.
    let required = if supervisor.is_generic() {
        required(supervisor, &[])
    } else {
        let params = required_params(supervisor);
        quote!(where #(for<'__any> #types: #krate::DynamicChild,)* #(#params,)*)
    };
    let deref = deref(supervisor, &own, &reference, &required);
    let functions = functions(supervisor, &required);
    let params = parameter_names(&supervisor.generics);
    let certain = types
        .iter()
        .filter(|ty| !mention_any(ty.to_token_stream(), &params));
    let type_checks = certain.map(|ty| {
        let check = quote_spanned!(types::span(ty)=> __private::require_dynamic_child::<#ty>);
        quote!(const _: fn() = #krate::#check;)
    });
    let arg_checks = checks(supervisor, &[]);
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    let several = (types.len() > 1).then(|| {
        quote!(#(impl #impl_generics #krate::ChildOf<__Supervisor #ty_generics> for #types #required {})*)
    });
    let (generics, alias) = (declared_generics(supervisor), alias_generics(supervisor));
    let (derives, implemented) = handle_traits(supervisor, &[], &own, &required);
    let (marker, marked) = (marker(supervisor), marked(supervisor));
    let cfg = cfg(supervisor);
    let child_type = quote_spanned!(first=> type Child = #children;);
    let args_type = args_type(supervisor);
    let extra = extra_types(supervisor).map(|extra| quote!(<#extra>));
    let (args, spec) = spec(supervisor);
    quote! {
        #head
        #derives
        #vis struct #ident #generics #required {
            #marker
            supervisor: #reference,
        }

        #cfg
        const _: () = {
            type __Supervisor #alias = #ident #ty_generics;

            #functions

            impl #impl_generics #krate::Child for __Supervisor #ty_generics #required {
                #args_type
                type Handle = Self;

                fn vacant() -> Self {
                    Self { #marked supervisor: #krate::DynamicSupervisorRef::vacant() }
                }

                fn declared_tree() -> ::core::option::Option<#krate::DeclaredTree> {
                ::core::option::Option::Some(Self::tree())
            }

                fn child_spec(
                    handle: &Self,
                    id: impl ::core::convert::Into<#krate::ChildId>,
                    args: Self::Args,
                ) -> #krate::ChildSpec {
                    #krate::DynamicSupervisor::as_child(handle, id, args)
                }
            }

            impl #impl_generics #krate::OnDemand for __Supervisor #ty_generics #required {
                type Given = #krate::Cloned;
            }

            impl #impl_generics #krate::DynamicSupervisor for __Supervisor #ty_generics #required {
                #child_type
                #name
                fn supervisor(&self) -> &#reference {
                    &self.supervisor
                }

                fn init(&self, #args) -> #krate::DynamicSupervisorSpec #extra {
                    #spec
                }
            }

            #implemented

            #several

            #deref

            #(#type_checks)*
            #arg_checks
        };
    }
}

/// `Room`, `OneOf<Rooms>`, or either of them `WithExtra`.
fn children(supervisor: &Supervisor, types: &[Type]) -> TokenStream {
    let Supervisor { krate, ident, .. } = supervisor;
    let (_, ty_generics, _) = supervisor.generics.split_for_impl();
    let children = match types {
        [only] => quote!(#only),
        _ => quote!(#krate::OneOf<#ident #ty_generics>),
    };
    match extra_types(supervisor) {
        Some(extra) => quote!(#krate::WithExtra<#children, #extra>),
        None => children,
    }
}

/// `(Config,)`, where there are extra arguments.
fn extra_types(supervisor: &Supervisor) -> Option<TokenStream> {
    let extra = supervisor.fields.extra_arguments.as_deref()?;
    let types = extra.iter().filter_map(|argument| {
        let mut params = supervisor.params.iter();
        params.find(|(param, _)| param == argument)
    });
    let types: Vec<_> = types.map(|(_, ty)| ty).collect();
    (!types.is_empty()).then(|| quote!((#(#types,)*)))
}

/// The pattern of the arguments, and the flags.
fn spec(supervisor: &Supervisor) -> (TokenStream, TokenStream) {
    let Supervisor {
        krate,
        params,
        fields,
        ..
    } = supervisor;
    let intensity = intensity(supervisor);
    let max_children = fields
        .max_children
        .iter()
        .map(|number| quote!(.max_children(#number)));
    let extra = fields.extra_arguments.as_deref().unwrap_or_default();
    let names: Vec<_> = params
        .iter()
        .map(|(name, _)| {
            if extra.contains(name) {
                quote!(#name)
            } else {
                quote!(_)
            }
        })
        .collect();
    let args = match &*names {
        [] => quote!((): ()),
        [only] => quote!(#only: Self::Args),
        names => quote!((#(#names),*): Self::Args),
    };
    let extra = (!extra.is_empty()).then(|| quote!(.extra_arguments((#(#extra,)*))));
    let flags = quote!(#krate::DynamicSupervisorSpec::new() #intensity #(#max_children)* #extra);
    (args, flags)
}

fn functions(supervisor: &Supervisor, required: &TokenStream) -> TokenStream {
    let Supervisor {
        krate,
        ident,
        params,
        ..
    } = supervisor;
    let parameters: Vec<_> = params.iter().map(|(name, ty)| (name, ty.clone())).collect();
    let args = given_args(supervisor);
    let functions = Functions {
        params: Parameters::new(krate, &parameters, quote!(#ident)),
        starts: format!("Starts the supervisor `{ident}`"),
        start: (
            quote!(#krate::Start<Self>),
            quote!(#krate::start_link_dynamic_supervisor::<Self>(#args)),
        ),
        named: (quote!(Self), |supervisor, name| {
            let (krate, marker) = (&supervisor.krate, marked(supervisor));
            quote!(Self { #marker supervisor: #krate::DynamicSupervisorRef::named(#name) })
        }),
        args,
    };
    let functions = functions.expand(supervisor);
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    quote! {
        impl #impl_generics #ident #ty_generics #required {
            #functions
        }
    }
}
