//! The places of the public API where a user's value or code comes in, read from the source of the core: type parameters, and
//! `impl Trait` arguments, of what is exported; what a user's type says and does for an exported trait; arguments that carry a
//! user's value inside a type of the crate's; and futures, which any executor may poll.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{
    Attribute, FnArg, GenericParam, Generics, ImplItem, Item, ItemImpl, ItemMacro, Pat, Signature,
    Token, TraitItem, Type, UseTree, Visibility,
};

/// Types of the crate's that carry a user's value.
const CARRIERS: [&str; 6] = [
    "ExitReason",
    "SharedError",
    "Name",
    "ChildId",
    "ChildSpec",
    "SupervisorSpec",
];

/// Each place, as `Type::method(argument)`, `Type<Parameter>` or `Trait::item`.
pub(crate) fn places() -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("core/src");
    let root = parse(&fs::read_to_string(source.join("lib.rs")).unwrap());
    let mut found = Found {
        exported: exported(&root),
        ..Found::default()
    };
    let mut files = Vec::new();
    collect(&source, &mut files);
    for file in files {
        found.items(&parse(&file).items);
    }
    // What generated code asks of a user's methods, beside what they become.
    let roles = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("macros/src/genserver/role.rs"),
    )
    .unwrap();
    for item in parse(&roles).items {
        if let Item::Enum(roles) = item
            && ["Message", "Own", "Hook"]
                .iter()
                .any(|sort| roles.ident == sort)
        {
            for role in roles.variants {
                found
                    .places
                    .insert(format!("#[{}]", role.ident.to_string().to_lowercase()));
            }
        }
    }
    found.places
}

fn parse(source: &str) -> syn::File {
    syn::parse_file(source).expect("the source of the core")
}

/// The sources, but for other runtimes, tests, what generated code alone names, and applications, which have a program of their own,
/// with threads of its own: `tests/programs` has hooks that panic.
fn collect(folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["sim", "model", "tests", "against_model", "application"].contains(&&*name) {
                collect(&path, files);
            }
        } else if name.ends_with(".rs")
            && !["private.rs", "tests.rs", "checked.rs"].contains(&&*name)
        {
            files.push(fs::read_to_string(&path).unwrap());
        }
    }
}

#[derive(Default)]
struct Found {
    exported: BTreeSet<String>,
    places: BTreeSet<String>,
}

/// What the root exports, by itself and in its modules.
fn exported(root: &syn::File) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    export(&root.items, &mut names);
    names
}

fn export(items: &[Item], names: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Use(used)
                if matches!(used.vis, Visibility::Public(_)) && !hidden(&used.attrs) =>
            {
                leaves(&used.tree, names);
            }
            Item::Mod(module) if matches!(module.vis, Visibility::Public(_)) => {
                let items = module.content.as_ref();
                export(items.map_or(&[], |(_, items)| items), names);
            }
            _ => {}
        }
    }
}

fn leaves(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(name) => drop(names.insert(name.rename.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Glob(_) => panic!("the root exports by name"),
    }
}

/// Not public API.
fn hidden(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        attr.path().is_ident("doc")
            && attr
                .parse_args::<syn::Ident>()
                .is_ok_and(|word| word == "hidden")
    })
}

impl Found {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Fn(function) if self.exports(&function.vis, &function.sig.ident) => {
                    self.signature(&function.sig.ident.to_string(), &function.sig);
                }
                Item::Struct(item) if self.exports(&item.vis, &item.ident) => {
                    self.generics(&item.ident.to_string(), &item.generics);
                    self.fields(&item.ident.to_string(), &item.fields);
                }
                Item::Enum(item) if self.exports(&item.vis, &item.ident) => {
                    self.generics(&item.ident.to_string(), &item.generics);
                    for variant in &item.variants {
                        self.fields(
                            &format!("{}::{}", item.ident, variant.ident),
                            &variant.fields,
                        );
                    }
                }
                Item::Trait(item) if self.exports(&item.vis, &item.ident) => {
                    let name = item.ident.to_string();
                    self.generics(&name, &item.generics);
                    for inside in &item.items {
                        match inside {
                            TraitItem::Type(ty) if !hidden(&ty.attrs) => {
                                self.places.insert(format!("{name}::{}", ty.ident));
                            }
                            TraitItem::Fn(method) if !hidden(&method.attrs) => {
                                let method = &method.sig;
                                self.places.insert(format!("{name}::{}()", method.ident));
                            }
                            _ => {}
                        }
                    }
                }
                Item::Impl(item) => self.block(item),
                Item::Macro(item) => self.shared(item),
                Item::Mod(item) => {
                    if let Some((_, items)) = &item.content
                        && item.ident != "tests"
                    {
                        self.items(items);
                    }
                }
                _ => {}
            }
        }
    }

    /// The methods that all references have, or all that are of a kind of supervisor.
    fn shared(&mut self, item: &ItemMacro) {
        let types: &[&str] = match item.ident.as_ref().map(ToString::to_string).as_deref() {
            Some("process_methods") => &["ProcessRef"],
            Some("supervisor_methods") => &["DynamicSupervisorRef", "PartitionSupervisorRef"],
            _ => return,
        };
        let text = item.mac.tokens.to_string();
        let text = text.replace("$ crate", "crate").replace("$crate", "crate");
        let (_, body) = text.split_once("=>").expect("a macro");
        let body = body.trim().trim_end_matches(';').trim();
        for ty in types {
            let block = syn::parse_str(&format!("impl {ty} {body}"));
            self.block(&block.expect("methods"));
        }
    }

    fn exports(&self, vis: &Visibility, name: &syn::Ident) -> bool {
        matches!(vis, Visibility::Public(_)) && self.exported.contains(&name.to_string())
    }

    fn block(&mut self, block: &ItemImpl) {
        let Type::Path(of) = &*block.self_ty else {
            return;
        };
        let name = of.path.segments.last().unwrap().ident.to_string();
        if !self.exported.contains(&name) || hidden(&block.attrs) {
            return;
        }
        if let Some((path, _)) = &block.trait_ {
            // A future is polled by any executor; a conversion takes any value.
            let path = path.segments.last().unwrap();
            if path.ident == "Future" {
                self.places.insert(format!("{name}.await"));
            }
            if path.ident == "From" && block.generics.type_params().count() > of_parameters(of) {
                self.places.insert(format!("From for {name}"));
            }
            return;
        }
        for item in &block.items {
            if let ImplItem::Fn(method) = item
                && matches!(method.vis, Visibility::Public(_))
                && !hidden(&method.attrs)
            {
                self.signature(&format!("{name}::{}", method.sig.ident), &method.sig);
            }
        }
    }

    fn generics(&mut self, of: &str, generics: &Generics) {
        for param in &generics.params {
            if let GenericParam::Type(param) = param {
                self.places.insert(format!("{of}<{}>", param.ident));
            }
        }
    }

    fn fields(&mut self, of: &str, fields: &syn::Fields) {
        for field in fields {
            if carries(&field.ty) {
                self.places.insert(of.to_owned());
            }
        }
    }

    fn signature(&mut self, of: &str, sig: &Signature) {
        if sig.asyncness.is_some() || is_future(&sig.output) {
            self.places.insert(format!("{of}().await"));
        }
        self.generics(of, &sig.generics);
        self.arguments(of, &sig.inputs);
    }

    fn arguments(&mut self, of: &str, inputs: &Punctuated<FnArg, Token![,]>) {
        for input in inputs {
            if let FnArg::Typed(input) = input
                && carries(&input.ty)
            {
                let Pat::Ident(name) = &*input.pat else {
                    panic!("an argument of {of} without a name");
                };
                self.places.insert(format!("{of}({})", name.ident));
            }
        }
    }
}

/// Whether it is an `impl Future`.
fn is_future(output: &syn::ReturnType) -> bool {
    let syn::ReturnType::Type(_, ty) = output else {
        return false;
    };
    let Type::ImplTrait(ty) = &**ty else {
        return false;
    };
    ty.bounds.iter().any(|bound| {
        matches!(bound, syn::TypeParamBound::Trait(bound)
            if bound.path.segments.last().is_some_and(|last| last.ident == "Future"))
    })
}

fn of_parameters(of: &syn::TypePath) -> usize {
    match &of.path.segments.last().unwrap().arguments {
        syn::PathArguments::AngleBracketed(arguments) => arguments.args.len(),
        _ => 0,
    }
}

/// Whether a value of this type is a user's, or has one inside.
fn carries(ty: &Type) -> bool {
    #[derive(Default)]
    struct Carries(bool);

    impl<'ast> Visit<'ast> for Carries {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            let last = path.segments.last().unwrap().ident.to_string();
            let associated =
                path.segments.len() > 1 && path.segments[0].ident.to_string().len() == 1;
            self.0 |= associated || CARRIERS.contains(&&*last);
            syn::visit::visit_path(self, path);
        }

        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }

        fn visit_type_trait_object(&mut self, _: &'ast syn::TypeTraitObject) {
            self.0 = true;
        }
    }

    let mut carries = Carries::default();
    carries.visit_type(ty);
    carries.0
}
