//! A supervisor as it was declared: what the parser fills, the rules look at, and the output is made of.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, Generics, Pat, Type, Visibility};

use crate::carry::Carried;
use crate::supervisor::cases::Assumed;
use crate::tokens::{self, uses_variable};
use crate::values::Shutdown;

/// One `supervisor!`, or a supervisor inside of one.
pub(crate) struct Supervisor {
    /// The path of the facade crate.
    pub(crate) krate: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// Its parameters; of one inside of another, what it takes of that.
    pub(crate) params: Vec<(Ident, Type)>,
    /// Which of them stand for children that are there under a condition.
    pub(crate) conditional: Vec<Conditional>,
    pub(crate) name: Option<Expr>,
    /// The fields in braces, each with the word that was written.
    pub(crate) fields: Fields,
    /// Errors that there are where `#[cfg]`s hold which no macro knows of, each with these.
    pub(crate) conditional_errors: Vec<TokenStream>,
    /// What is taken for granted of the conditions under which parts of it stand.
    pub(crate) assumed: Assumed,
    /// These conditions.
    pub(crate) conditions: Vec<TokenStream>,
}

/// A parameter that is the handle of a child of the supervisor around this one: which child that is, if one at all, depends on `#[cfg]`s.
pub(crate) struct Conditional {
    /// Its place among the parameters.
    pub(crate) place: usize,
    /// The attributes of each such child, and the type of its handle.
    pub(crate) cases: Vec<(Carried, Type)>,
}

/// What stands in the braces; `None` where nothing was said.
#[derive(Default)]
pub(crate) struct Fields {
    /// The variant of `Strategy`.
    pub(crate) strategy: Option<Ident>,
    /// The variant of `AutoShutdown`.
    pub(crate) auto_shutdown: Option<Ident>,
    pub(crate) max_restarts: Option<Expr>,
    pub(crate) max_seconds: Option<Expr>,
    pub(crate) max_children: Option<Expr>,
    pub(crate) children: Option<Vec<Child>>,
    /// The types of the children of a dynamic supervisor.
    pub(crate) dynamic: Option<Vec<Type>>,
    /// What the partitions of a partition supervisor are.
    pub(crate) partition: Option<Partition>,
    pub(crate) partitions: Option<Expr>,
    /// The arguments that dynamic children get before their own.
    pub(crate) extra_arguments: Option<Vec<Ident>>,
    /// The words before the colons.
    pub(crate) words: Vec<Ident>,
    /// There was a word that is none of them, or the last entry is cut off: what is missing may have been meant by it, or come yet.
    pub(crate) unclear: bool,
}

/// What a partition supervisor has several of: `|n| Worker(url, n)`.
pub(crate) struct Partition {
    /// What the partition's number is called in the arguments.
    pub(crate) number: Option<Ident>,
    pub(crate) ty: Type,
    pub(crate) args: Args,
}

/// An entry of `children`.
pub(crate) struct Child {
    /// The how manieth entry of the list it is.
    pub(crate) place: usize,
    pub(crate) carried: Carried,
    pub(crate) times: Times,
    pub(crate) form: Form,
    /// The name after `as`, or one made of the type's.
    pub(crate) id: Ident,
    pub(crate) options: Options,
}

/// How often an entry stands for a child.
pub(crate) enum Times {
    Once,
    /// `if condition => ..`
    If(Expr),
    /// `for pattern in iterator => ..`
    Each(Pat, Expr),
}

/// What a child is.
pub(crate) enum Form {
    /// `Counter(1)`
    Type { ty: Type, args: Args },
    /// `supervisor Storage { .. }`, `dynamic rooms: Room { .. }` or `partition pool: Worker { .. }`: a declaration of its own, and a
    /// child of that type.
    Inline(Box<Supervisor>),
    /// `task accept: accept_loop(listener)`
    Task(Expr),
    /// An expression that gives a `ChildSpec`.
    Spec(Expr),
}

/// What stands in the parentheses after a child.
pub(crate) enum Args {
    None,
    /// The expressions, and the parentheses around them.
    Some(Vec<Expr>, Span),
    /// There is an error about something that they mention.
    Broken,
    /// No expressions yet: what stands there is handed on, for the IDE to complete them and for rustc to complain.
    Partial(Group),
}

/// The options of a child, in braces.
#[derive(Default)]
pub(crate) struct Options {
    /// The path of the facade crate.
    pub(crate) krate: TokenStream,
    pub(crate) restart: Option<Ident>,
    pub(crate) shutdown: Option<Shutdown>,
    /// As an expression of type `Backoff`.
    pub(crate) backoff: Option<TokenStream>,
    pub(crate) significant: bool,
    /// One of them could not be read: nothing is said of how they go together.
    pub(crate) unclear: bool,
    /// The options as they were written, for a picture of the tree.
    pub(crate) notes: Vec<String>,
    /// The type, where no arguments stand before them.
    pub(crate) alone: Option<String>,
    /// One of them is none that there is, and was perhaps meant for an argument.
    pub(crate) foreign: bool,
    /// Where it says so, or not.
    pub(crate) significant_word: Option<Ident>,
}

impl Supervisor {
    pub(crate) fn children(&self) -> &[Child] {
        self.fields.children.as_deref().unwrap_or_default()
    }

    /// Its type, with its parameters.
    pub(crate) fn ty(&self) -> TokenStream {
        let (ident, (_, ty_generics, _)) = (&self.ident, self.generics.split_for_impl());
        quote!(#ident #ty_generics)
    }

    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    /// Whether this variable stands in its braces, and means the same there as outside of it, be it where a child of the name is cut off.
    pub(crate) fn takes(&self, name: &Ident, uses: Uses) -> bool {
        let is_own = |child: &Child| child.id == *name && child.carried.cfgs.is_empty();
        !self.children().iter().any(is_own) && self.uses(name, uses)
    }

    /// Where it mentions this variable first.
    pub(crate) fn first_use(&self, name: &Ident) -> Option<Ident> {
        let found = |expression: &Expr| {
            let tokens = expression.to_token_stream();
            tokens::find_variable(tokens.clone(), name)
                .or_else(|| uses_variable(tokens, name).then(|| name.clone()))
        };
        let Fields {
            max_restarts,
            max_seconds,
            max_children,
            partitions,
            partition,
            ..
        } = &self.fields;
        let own = partition
            .iter()
            .filter(|of| of.number.as_ref() != Some(name));
        let own = own.flat_map(|of| of.args.expressions());
        let flags = [max_restarts, max_seconds, max_children, partitions];
        let mut of_it = own.chain(flags.into_iter().flatten());
        of_it.find_map(found).or_else(|| {
            self.children().iter().find_map(|child| {
                let times = match &child.times {
                    Times::Once => None,
                    Times::If(expression) | Times::Each(_, expression) => found(expression),
                };
                times.or_else(|| match &child.form {
                    Form::Type { args, .. } => args.expressions().iter().find_map(found),
                    Form::Inline(inner) => inner.first_use(name),
                    Form::Task(expression) | Form::Spec(expression) => found(expression),
                })
            })
        })
    }

    /// Whether what it says of itself or of its children mentions this variable.
    pub(crate) fn uses(&self, name: &Ident, uses: Uses) -> bool {
        self.uses_in(name, uses, |_| true)
    }

    /// The same, whatever the `#[cfg]`s of its children say.
    pub(crate) fn always_uses(&self, name: &Ident, uses: Uses) -> bool {
        self.uses_in(name, uses, |child| child.carried.cfgs.is_empty())
    }

    fn uses_in(&self, name: &Ident, uses: Uses, counts: impl Fn(&Child) -> bool) -> bool {
        let fields = &self.fields;
        let mut extra = fields.extra_arguments.iter().flatten();
        let flags = [
            &fields.max_restarts,
            &fields.max_seconds,
            &fields.max_children,
            &fields.partitions,
        ];
        let mut children = self.children().iter().filter(|child| counts(child));
        children.any(|child| child.uses(name, uses))
            || extra.any(|argument| argument == name)
            || fields.partition.iter().any(|of| of.uses(name, uses))
            || flags
                .into_iter()
                .flatten()
                .any(|flag| uses(flag.to_token_stream(), name))
    }
}

impl Partition {
    /// Whether its arguments mention this variable.
    pub(crate) fn uses(&self, name: &Ident, uses: Uses) -> bool {
        self.number.as_ref() != Some(name) && self.args.uses(name, uses)
    }
}

impl Args {
    /// Whether they mention this variable, as far as they can be read.
    pub(crate) fn uses(&self, name: &Ident, uses: Uses) -> bool {
        match self {
            Self::None | Self::Broken => false,
            Self::Some(expressions, _) => expressions
                .iter()
                .any(|arg| uses(arg.to_token_stream(), name)),
            Self::Partial(_) => true,
        }
    }

    /// Those that could be read.
    pub(crate) fn expressions(&self) -> &[Expr] {
        match self {
            Self::Some(expressions, _) => expressions,
            Self::None | Self::Broken | Self::Partial(_) => &[],
        }
    }
}

impl Child {
    /// The name of its field, which is the macro's own.
    pub(crate) fn field(&self) -> Ident {
        tokens::our(&self.id)
    }

    /// Its type, if it is known by one.
    pub(crate) fn ty(&self) -> Option<Type> {
        match &self.form {
            Form::Type { ty, .. } => Some(ty.clone()),
            Form::Inline(supervisor) => syn::parse2(supervisor.ty()).ok(),
            Form::Task(_) | Form::Spec(_) => None,
        }
    }

    /// Whether there is a handle to it: of what an expression gives nothing is known.
    pub(crate) const fn has_handle(&self) -> bool {
        match self.form {
            Form::Type { .. } | Form::Inline(_) | Form::Task(_) => true,
            Form::Spec(_) => false,
        }
    }

    /// Whether something of it mentions this variable.
    pub(crate) fn uses(&self, name: &Ident, uses: Uses) -> bool {
        self.times.uses(name, uses) || (!self.times.binds(name) && self.form.uses(name, uses))
    }
}

impl Times {
    /// The variables of its patterns.
    pub(crate) fn bindings(&self) -> Vec<Ident> {
        match self {
            Self::Once => Vec::new(),
            Self::If(condition) => matched(condition),
            Self::Each(pattern, _) => tokens::bindings(pattern.to_token_stream()),
        }
    }

    /// Whether this is a variable of its patterns: it goes before a parameter or a sibling of the name.
    pub(crate) fn binds(&self, name: &Ident) -> bool {
        self.bindings().contains(name)
    }

    /// Whether the condition or the iterator mentions this variable, as one from outside.
    pub(crate) fn uses(&self, name: &Ident, uses: Uses) -> bool {
        match self {
            Self::Once => false,
            Self::If(condition) => {
                asks(condition, name, uses).is_some_and(|from_outside| from_outside)
            }
            Self::Each(_, expression) => uses(expression.to_token_stream(), name),
        }
    }
}

impl Form {
    /// Whether what it is made of mentions this variable.
    pub(crate) fn uses(&self, name: &Ident, uses: Uses) -> bool {
        match self {
            Self::Type { args, .. } => args.uses(name, uses),
            Self::Inline(supervisor) => supervisor.takes(name, uses),
            Self::Task(expression) | Self::Spec(expression) => {
                uses(expression.to_token_stream(), name)
            }
        }
    }
}

/// The variables of a condition: `let Some(n) = maybe && n > 1`.
fn matched(condition: &Expr) -> Vec<Ident> {
    match condition {
        Expr::Let(matched) => tokens::bindings(matched.pat.to_token_stream()),
        Expr::Binary(both) => [matched(&both.left), matched(&both.right)].concat(),
        _ => Vec::new(),
    }
}

/// Whether this condition mentions the variable before a pattern in it has bound the name; `None`: it does neither.
fn asks(condition: &Expr, name: &Ident, uses: Uses) -> Option<bool> {
    match condition {
        Expr::Let(matched) if uses(matched.expr.to_token_stream(), name) => Some(true),
        Expr::Let(matched) => {
            let bound = tokens::bindings(matched.pat.to_token_stream());
            bound.contains(name).then_some(false)
        }
        Expr::Binary(both) => {
            asks(&both.left, name, uses).or_else(|| asks(&both.right, name, uses))
        }
        other => uses(other.to_token_stream(), name).then_some(true),
    }
}

/// `uses_variable`; for what cannot be called, such as the handle of a child, `uses_value`.
pub(crate) type Uses = fn(TokenStream, &Ident) -> bool;

/// Whether an expression mentions this variable.
pub(crate) fn mentions(expression: &Expr, name: &Ident) -> bool {
    uses_variable(expression.to_token_stream(), name)
}

impl Fields {
    /// The word of a field that was given.
    pub(crate) fn word(&self, field: &str) -> Option<&Ident> {
        self.words.iter().find(|word| *word == field)
    }
}
