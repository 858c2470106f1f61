//! Which file of a crate imports which: every path is resolved to the file that defines what it names, through re-exports.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Item, UseTree, Visibility,
    visit::{self, Visit},
};

/// A module's path from the crate's root; empty for the root itself.
type Module = Vec<String>;

/// The imports between the files of one crate.
#[derive(Debug, Default)]
pub struct Imports {
    files: BTreeMap<Module, File>,
}

#[derive(Debug, Default)]
struct File {
    children: BTreeSet<String>,
    defined: BTreeSet<String>,
    /// Names that the file brings into scope: the name (or `*`), the path it means, and whether it is public.
    uses: Vec<(String, Vec<String>, bool)>,
    /// Paths in the code itself.
    paths: Vec<Vec<String>>,
}

impl Imports {
    /// Reads the crate whose root is this file, `src/lib.rs` or `src/main.rs`.
    ///
    /// # Panics
    ///
    /// If a file cannot be read or is not Rust.
    #[must_use]
    pub fn of_crate(root: &Path) -> Self {
        let mut imports = Self::default();
        let folder = root.parent().unwrap_or(Path::new("")).to_owned();
        imports.read(Vec::new(), root, &folder);
        imports
    }

    fn read(&mut self, module: Module, path: &Path, folder: &Path) {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut file = File::default();
        for item in &syntax.items {
            if let Item::Mod(child) = item
                && child.content.is_none()
            {
                let name = child.ident.to_string();
                let (path, below) = child_file(folder, &name);
                let mut child = module.clone();
                child.push(name.clone());
                self.read(child, &path, &below);
                file.children.insert(name);
            }
        }
        file.visit_file(&syntax);
        self.files.insert(module, file);
    }

    /// Each file with the files that it imports, by their module paths (`lib` for the root). Opening the doors of its own
    /// children (`pub use child::..`) is not an import.
    #[must_use]
    pub fn graph(&self) -> BTreeMap<String, BTreeSet<String>> {
        let name = |module: &Module| if module.is_empty() { "lib".to_owned() } else { module.join("/") };
        let graph = self.files.iter().map(|(module, file)| {
            let doors = file.uses.iter().filter(|(.., public)| !public).map(|(_, path, _)| path);
            let opened = file.uses.iter().filter(|(.., public)| *public).map(|(_, path, _)| path);
            let mut imported: BTreeSet<Module> =
                doors.chain(&file.paths).filter_map(|path| self.target(module, path)).collect();
            imported.extend(
                opened.filter_map(|path| self.target(module, path)).filter(|to| !to.starts_with(module)),
            );
            imported.remove(module);
            (name(module), imported.iter().map(name).collect())
        });
        graph.collect()
    }

    fn target(&self, module: &Module, path: &[String]) -> Option<Module> {
        let path = self.absolute(module, path)?;
        Some(self.definer(&path, &mut BTreeSet::new()))
    }

    /// The path from the crate's root; `None` if it leads out of the crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Vec<String>> {
        let mut at = module.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (at, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            first if !self.files[module].children.contains(first) => return None,
            _ => {}
        }
        at.extend(rest.iter().cloned());
        Some(at)
    }

    /// The module that defines what an absolute path names.
    fn definer(&self, path: &[String], seen: &mut BTreeSet<(Module, String)>) -> Module {
        let length = (0..=path.len()).rev().find(|n| self.files.contains_key(&path[..*n])).unwrap_or(0);
        let (module, rest) = (path[..length].to_vec(), &path[length..]);
        let Some(name) = rest.first() else { return module };
        let file = &self.files[&module];
        if file.defined.contains(name) || !seen.insert((module.clone(), name.clone())) {
            return module;
        }
        for (used, target, _) in &file.uses {
            let Some(mut target) = self.absolute(&module, target) else { continue };
            if used == "*" {
                target.push(name.clone());
                let found = self.definer(&target, seen);
                if self.files[&found].defined.contains(name) {
                    return found;
                }
            } else if used == name {
                target.extend(rest[1..].iter().cloned());
                return self.definer(&target, seen);
            }
        }
        module
    }

    /// The files that import each other, directly or around a corner: one list per circle.
    #[must_use]
    pub fn circles(&self) -> Vec<Vec<String>> {
        let graph = self.graph();
        let reachable = |from: &String| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
            while let Some(file) = open.pop() {
                open.extend(graph[file].iter().filter(|next| seen.insert((*next).clone())));
            }
            seen
        };
        let reachable: BTreeMap<&String, BTreeSet<String>> =
            graph.keys().map(|file| (file, reachable(file))).collect();
        let circles: BTreeSet<Vec<String>> = graph
            .keys()
            .filter(|file| reachable[file].contains(*file))
            .map(|file| {
                let mutual = reachable[file].iter().filter(|other| reachable[other].contains(file));
                mutual.cloned().collect()
            })
            .collect();
        circles.into_iter().collect()
    }
}

/// The file of a child module, and the folder of that module's children.
fn child_file(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let below = folder.join(name);
    let flat = folder.join(format!("{name}.rs"));
    if flat.exists() { (flat, below) } else { (below.join("mod.rs"), below) }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "test")
    })
}

impl<'ast> Visit<'ast> for File {
    fn visit_item(&mut self, item: &'ast Item) {
        let ident = match item {
            Item::Mod(item) if is_test(&item.attrs) => return,
            Item::Use(item) => {
                let public = !matches!(item.vis, Visibility::Inherited);
                flatten(&item.tree, &mut Vec::new(), &mut |name, path| self.uses.push((name, path, public)));
                return;
            }
            Item::Const(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Macro(item) => item.ident.as_ref(),
            Item::Static(item) => Some(&item.ident),
            Item::Struct(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            Item::Union(item) => Some(&item.ident),
            _ => None,
        };
        self.defined.extend(ident.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            self.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    /// The parser leaves the tokens of a macro alone; the paths in them are imports nevertheless.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.scan(call.tokens.clone());
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.visit_macro(&item.mac);
    }
}

impl File {
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 => path.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                other => {
                    self.paths.extend((path.len() > 1).then(|| std::mem::take(&mut path)));
                    path.clear();
                    match other {
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Group(group) => self.scan(group.stream()),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
            colons = 0;
        }
        self.paths.extend((path.len() > 1).then_some(path));
    }
}

/// Calls `found` with each name of a `use` and its path.
fn flatten(tree: &UseTree, before: &mut Vec<String>, found: &mut impl FnMut(String, Vec<String>)) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, found);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, found)),
        UseTree::Glob(_) => found("*".to_owned(), before.clone()),
        UseTree::Name(name) if name.ident == "self" => {
            found(before.last().cloned().unwrap_or_default(), before.clone());
        }
        UseTree::Name(name) => found(name.ident.to_string(), with(before, name.ident.to_string())),
        UseTree::Rename(rename) => {
            found(rename.rename.to_string(), with(before, rename.ident.to_string()));
        }
    }
}

fn with(before: &[String], last: String) -> Vec<String> {
    let mut path = before.to_vec();
    path.push(last);
    path
}
