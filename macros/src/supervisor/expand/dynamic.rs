//! A supervisor whose children are started later, all of one type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use crate::supervisor::expand::functions::Functions;
use crate::supervisor::expand::{cfg, deref, head, intensity, name_callback};
use crate::supervisor::model::Supervisor;
use crate::types::{self, Parameters};

/// ```text
/// Rooms(name = "rooms") {        struct Rooms { supervisor: DynamicSupervisorRef<Room> }
///     dynamic: Room              impl Rooms { start_link, child_spec, named }
/// }                              impl DynamicSupervisor for Rooms, impl Child for Rooms
/// ```
pub(crate) fn expand(supervisor: &Supervisor, child: &Type) -> TokenStream {
    let Supervisor {
        krate, vis, ident, ..
    } = supervisor;
    let reference = quote!(#krate::DynamicSupervisorRef<#child>);
    let head = head(
        supervisor,
        &format!(" The dynamic supervisor `{ident}`: its children are started one by one."),
    );
    let name = name_callback(supervisor);
    let own = Ident::new("supervisor", Span::call_site());
    let required = quote!(where for<'__any> #child: #krate::Restartable);
    let deref = deref(supervisor, &own, &reference, &required);
    let functions = functions(supervisor);
    let check = quote_spanned!(types::span(child)=> __private::require_child::<#child>);
    let intensity = intensity(supervisor);
    let max_children = supervisor
        .fields
        .max_children
        .iter()
        .map(|number| quote!(.max_children(#number)));
    let cfg = cfg(supervisor);
    let child_type = quote_spanned!(types::span(child)=> type Child = #child;);
    quote! {
        #head
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #ident #required {
            supervisor: #reference,
        }

        #cfg
        const _: () = {
            type __Supervisor = #ident;

            impl #ident #required {
                #functions
            }

            impl #krate::Child for __Supervisor #required {
                type Args = ();
                type Handle = Self;

                fn vacant() -> Self {
                    Self { supervisor: #krate::DynamicSupervisorRef::vacant() }
                }

                fn declared_tree() -> ::core::option::Option<#krate::DeclaredTree> {
                ::core::option::Option::Some(Self::tree())
            }

                fn child_spec(
                    handle: &Self,
                    id: impl ::core::convert::Into<#krate::ChildId>,
                    (): (),
                ) -> #krate::ChildSpec {
                    #krate::DynamicSupervisor::as_child(handle, id)
                }
            }

            impl #krate::DynamicSupervisor for __Supervisor #required {
                #child_type
                #name
                fn supervisor(&self) -> &#reference {
                    &self.supervisor
                }

                fn init(&self) -> #krate::DynamicSupervisorSpec {
                    #krate::DynamicSupervisorSpec::new() #intensity #(#max_children)*
                }
            }

            #deref

            const _: fn() = #krate::#check;
        };
    }
}

fn functions(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, ident, .. } = supervisor;
    let functions = Functions {
        params: Parameters::new(krate, &[], quote!()),
        args: quote!(()),
        starts: format!("Starts the supervisor `{ident}`"),
        start: (
            quote!(#krate::Start<Self>),
            quote!(#krate::start_link_dynamic_supervisor::<Self>()),
        ),
        named: (
            quote!(Self),
            |krate, name| quote!(Self { supervisor: #krate::DynamicSupervisorRef::named(#name) }),
        ),
    };
    functions.expand(supervisor)
}
