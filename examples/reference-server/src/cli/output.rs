//! The answer on standard output: tables for people, JSON for programs.

use std::io::{self, Write};

use clap::ColorChoice;
use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets};
use dharmagraph_cmdb::{Status, Timestamp};
use serde::Serialize;

use super::screen::{printable, printable_json};

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// JSON instead of tables.
    pub(crate) json: bool,
    /// With colours.
    pub(crate) color: bool,
}

impl Style {
    /// What the person chose; where they left it open, colours for terminals that want them.
    pub(crate) fn of(choice: ColorChoice, json: bool, terminal: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && wanted,
        };
        Self { json, color }
    }
}

/// Where the answer goes.
pub(crate) struct Output<'w> {
    writer: &'w mut dyn Write,
    style: Style,
}

impl std::fmt::Debug for Output<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("style", &self.style).finish_non_exhaustive()
    }
}

impl<'w> Output<'w> {
    /// Writes there, in this style.
    pub(crate) fn new(writer: &'w mut dyn Write, style: Style) -> Self {
        Self { writer, style }
    }

    /// Whether JSON was asked for.
    pub(crate) const fn is_json(&self) -> bool {
        self.style.json
    }

    /// One line of our own words; parts that come from others must be [`printable`].
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.writer, "{text}")
    }

    /// A title over a table.
    pub(crate) fn title(&mut self, text: &str) -> io::Result<()> {
        if self.style.color { writeln!(self.writer, "\u{1b}[1m{text}\u{1b}[0m") } else { self.line(text) }
    }

    /// Bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    /// One indented JSON document.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        self.line(&printable_json(text))
    }

    /// A JSON value on one line, without the line's end.
    pub(crate) fn compact_json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.bytes(printable_json(text).as_bytes())
    }

    /// What was written so far reaches the reader now.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// A table; nothing where it has no rows.
    pub(crate) fn rows(&mut self, rows: Rows) -> io::Result<()> {
        let Rows { mut table, columns } = rows;
        if table.row_iter().next().is_none() {
            return Ok(());
        }
        // One row is one line, whatever the terminal's width: rows can be searched and copied.
        table.force_no_tty().set_content_arrangement(ContentArrangement::Disabled);
        if self.style.color {
            table.enforce_styling();
        }
        for index in 0..columns {
            if let Some(column) = table.column_mut(index) {
                column.set_padding((0, if index + 1 == columns { 0 } else { 2 }));
            }
        }
        for line in table.lines() {
            writeln!(self.writer, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// The rows of a table, made of text that is safe to show.
#[derive(Debug)]
pub(crate) struct Rows {
    table: Table,
    columns: usize,
}

impl Rows {
    /// No rows yet, under these column names.
    pub(crate) fn under(columns: &[&str]) -> Self {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING);
        table.set_header(columns.iter().map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
        Self { table, columns: columns.len() }
    }

    /// No rows yet, and no column names.
    pub(crate) fn plain(columns: usize) -> Self {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING);
        Self { table, columns }
    }

    /// One more row.
    pub(crate) fn push(&mut self, cells: Vec<Cell>) {
        self.table.add_row(cells);
    }
}

/// A cell with anybody's text.
pub(crate) fn text(text: &str) -> Cell {
    Cell::new(printable(text))
}

/// A cell with a number.
pub(crate) fn number(number: u64) -> Cell {
    Cell::new(number).set_alignment(CellAlignment::Right)
}

/// A cell with a state, coloured by how good it is.
pub(crate) fn status(status: Option<&Status>) -> Cell {
    let Some(status) = status else { return Cell::new("-") };
    let cell = text(status.as_str());
    let color = match status {
        status if *status == Status::RUNNING => comfy_table::Color::Green,
        status if *status == Status::ERROR => comfy_table::Color::Red,
        status if *status == Status::PENDING || *status == Status::STOPPING => comfy_table::Color::Yellow,
        _ => return cell,
    };
    cell.fg(color)
}

/// A time to the second, as people read it.
pub(crate) fn time(time: Timestamp) -> String {
    let text = time.to_string();
    match text.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => text,
    }
}

/// A line on standard error that is no failure. Nobody is told where that is gone.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", printable(text));
}

/// A count with its noun.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What `write` writes, without colours.
    pub(crate) fn written(json: bool, write: impl FnOnce(&mut Output<'_>) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut Output::new(&mut bytes, Style { json, color: false })).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn columns_stand_under_their_names_and_nothing_trails() {
        let mut rows = Rows::under(&["ID", "COUNT", "STATUS"]);
        rows.push(vec![text("i-1"), number(7), status(Some(&Status::RUNNING))]);
        rows.push(vec![text("i-22222"), number(1234), status(None)]);
        let table = written(false, |output| output.rows(rows));
        assert_eq!(table, "ID       COUNT  STATUS\ni-1          7  RUNNING\ni-22222   1234  -\n");
    }

    #[test]
    fn a_name_with_line_breaks_and_escapes_stays_in_its_row() {
        let mut rows = Rows::under(&["NAME"]);
        rows.push(vec![text("a\nb\u{1b}[31m")]);
        assert_eq!(written(false, |output| output.rows(rows)), "NAME\na\\nb\\u{1b}[31m\n");
    }

    #[test]
    fn a_long_value_keeps_to_its_row() {
        let long = "x".repeat(500);
        let mut rows = Rows::under(&["A", "B"]);
        rows.push(vec![text(&long), text(&long)]);
        assert_eq!(written(false, |output| output.rows(rows)).lines().count(), 2);
    }

    #[test]
    fn colours_follow_the_choice_before_the_terminal() {
        assert!(Style::of(ColorChoice::Always, false, false).color);
        assert!(!Style::of(ColorChoice::Never, false, true).color);
        assert!(!Style::of(ColorChoice::Auto, false, false).color);
    }

    #[test]
    fn json_is_safe_to_look_at_and_still_the_same() {
        let json = written(true, |output| output.json(&"\u{9b}31m"));
        assert_eq!(json, "\"\\u009b31m\"\n");
    }

    #[test]
    fn times_are_shown_to_the_second() {
        assert_eq!(time("2025-01-18T12:30:45.000001Z".parse().unwrap()), "2025-01-18T12:30:45Z");
        assert_eq!(time("2025-01-18T12:30:45Z".parse().unwrap()), "2025-01-18T12:30:45Z");
    }
}
