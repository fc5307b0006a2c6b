//! A supervisor with a list of children: one field and one method for each.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use crate::supervisor::expand::args::handle_of;
use crate::supervisor::expand::children::{
    field, required, required_to_name, returned, significant, spec,
};
use crate::supervisor::expand::functions::{Functions, pattern, used};
use crate::supervisor::expand::handle::{Field, Handle};
use crate::supervisor::expand::{listed, name, name_callback};
use crate::supervisor::model::{Child, Supervisor, Times};

/// ```text
/// App { strategy: one_for_one,       struct App { cache: <Cache as Child>::Handle, supervisor: SupervisorRef }
///       children: [Cache] }          impl App { start_link, child_spec, cache }
///                                    impl Child for App { vacant, child_spec }
///                                    impl Supervisor for App { supervisor, init }
/// ```
pub(crate) fn expand(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, ident, .. } = supervisor;
    let children = supervisor.children();
    let fields = children.iter().filter_map(|child| {
        let (ty, vacant) = field(supervisor, child)?;
        Some(Field {
            cfg: child.carried.cfg(),
            name: child.field(),
            ty,
            vacant,
        })
    });
    let handle = Handle {
        supervisor,
        docs: format!(" The supervisor `{ident}`, with a method for each of its children."),
        fields: fields.collect(),
        own: own_field(children),
        reference: quote!(#krate::SupervisorRef),
        kept: quote!(#krate::SupervisorRef),
        target: quote!(#krate::SupervisorRef),
        at: Span::call_site(),
        required: required(supervisor),
        required_to_name: required_to_name(supervisor),
        behaviour: "Supervisor",
    };
    let functions = functions(supervisor, &handle);
    let (significant, significant_later) = significant(supervisor);
    let behaviour = behaviour(supervisor, &handle, &significant_later);
    let (children, args) = (listed::children(supervisor), listed::arguments(supervisor));
    handle.expand(&quote! {
        #functions
        #behaviour
        #children
        #args
        #significant
    })
}

/// The field of the reference: `supervisor`, unless a child is called so.
fn own_field(children: &[Child]) -> Ident {
    let taken = children
        .iter()
        .any(|child| child.id.unraw() == "supervisor");
    Ident::new(
        if taken { "__supervisor" } else { "supervisor" },
        Span::call_site(),
    )
}

fn functions(supervisor: &Supervisor, handle: &Handle<'_>) -> TokenStream {
    let Supervisor { krate, ident, .. } = supervisor;
    let children = supervisor.children().iter();
    let functions = Functions {
        starts: format!("Starts the supervisor `{ident}` and its children"),
        start: quote!(#krate::start_link_supervisor),
        named: name(supervisor).map(|name| {
            let reference = quote!(#krate::SupervisorRef);
            let value = quote!(#reference::named(#name));
            (reference, value)
        }),
        others: children
            .filter_map(|child| accessor(supervisor, child))
            .collect(),
    };
    functions.expand(supervisor, &handle.required)
}

/// `fn cache(&self) -> CacheClient`
fn accessor(supervisor: &Supervisor, child: &Child) -> Option<TokenStream> {
    let (vis, id) = (&supervisor.vis, child.field());
    let returns = returned(supervisor, child)?;
    let name = id.unraw().to_string();
    let value = handle_of(supervisor, child);
    let docs = match child.times {
        Times::Once => format!(" The child `{name}`, also after it was restarted."),
        Times::If(_) => {
            format!(" The child `{name}`, if there is one: else the handle leads to nobody.")
        }
        Times::Each(..) => {
            format!(" The children `{name}`, in their order, also after they were restarted.")
        }
    };
    let docs = child.carried.docs_or(&docs);
    let (cfg, marks) = (child.carried.cfg(), child.carried.marks());
    Some(quote! {
        #docs
        #cfg
        #marks
        #[must_use]
        #vis fn #id(&self) -> #returns {
            #value
        }
    })
}

/// `checks`: those that know the parameters.
fn behaviour(supervisor: &Supervisor, handle: &Handle<'_>, checks: &TokenStream) -> TokenStream {
    let krate = &supervisor.krate;
    let (required, own) = (&handle.required, &handle.own);
    let (impl_generics, ty_generics, _) = supervisor.generics.split_for_impl();
    let name = name_callback(supervisor);
    let (pattern, used) = (pattern(supervisor), used(supervisor));
    let spec = spec(supervisor, supervisor.children());
    quote! {
        impl #impl_generics #krate::Supervisor for __Supervisor #ty_generics #required {
            #name
            fn supervisor(&self) -> &#krate::SupervisorRef {
                &self.#own
            }

            fn init(&self, #pattern: Self::Args) -> #krate::SupervisorSpec {
                #checks
                #used
                #spec
            }
        }
    }
}
