//! Texts that many resources share, held once.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use hashbrown::HashMap;

/// A text's number in [`Strings`]; stays the same for the life of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Symbol(pub(super) u32);

/// Numbered texts. Only ever grows, so a symbol read once is good for ever.
#[derive(Debug, Clone, Default)]
pub(super) struct Strings {
    texts: Vec<Arc<str>>,
    symbols: HashMap<Arc<str>, Symbol>,
}

impl Strings {
    /// The text of a symbol; empty for a symbol that was never given out.
    pub(super) fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.0 as usize).map_or("", |text| text)
    }

    /// The text of a symbol, to keep.
    pub(super) fn shared(&self, symbol: Symbol) -> Arc<str> {
        self.texts.get(symbol.0 as usize).map_or_else(|| "".into(), Arc::clone)
    }

    /// The symbol of a text that is known.
    pub(super) fn symbol(&self, text: &str) -> Option<Symbol> {
        self.symbols.get(text).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The symbol of a text, known from now on.
    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.symbols.get(text) {
            return *symbol;
        }
        let symbol = Symbol(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.symbols.insert(text, symbol);
        symbol
    }
}

/// [`Strings`] that readers and the writer share.
#[derive(Debug, Default)]
pub(super) struct SharedStrings(RwLock<Arc<Strings>>);

impl SharedStrings {
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Arc<Strings>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn intern(&self, text: &str) -> Symbol {
        let known = self.read().symbol(text);
        known.unwrap_or_else(|| Arc::make_mut(&mut self.0.write().unwrap_or_else(PoisonError::into_inner)).intern(text))
    }
}

/// Looks symbols up for one batch: texts met before cost no lock.
#[derive(Debug)]
pub(super) struct Interner<'a> {
    strings: &'a SharedStrings,
    met: HashMap<String, Symbol>,
}

impl<'a> Interner<'a> {
    pub(super) fn new(strings: &'a SharedStrings) -> Self {
        Self { strings, met: HashMap::new() }
    }

    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.met.get(text) {
            return *symbol;
        }
        let symbol = self.strings.intern(text);
        self.met.insert(text.to_owned(), symbol);
        symbol
    }
}
