//! Server-sent events, as they come over the wire.

/// The longest event that is read: a task's row with every one of its errors.
const LONGEST_EVENT: usize = 64 << 20;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its name; `message` where the server gives none.
    pub(crate) name: String,
    /// Its data.
    pub(crate) data: String,
}

/// An event longer than anything that a server of ours sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Puts events together from pieces of the stream, wherever it was cut.
#[derive(Debug, Default)]
pub(crate) struct EventReader {
    line: Vec<u8>,
    after_return: bool,
    name: String,
    data: String,
    has_data: bool,
}

impl EventReader {
    /// The events that end in this piece.
    ///
    /// # Errors
    /// [`TooLong`]; nothing of the stream can be read after that.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<Vec<Event>, TooLong> {
        let mut events = Vec::new();
        for &byte in piece {
            let second_of_pair = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if second_of_pair {
                continue;
            }
            if byte == b'\r' || byte == b'\n' {
                let line = std::mem::take(&mut self.line);
                events.extend(self.end_of_line(&String::from_utf8_lossy(&line)));
            } else {
                self.line.push(byte);
            }
            if self.line.len() + self.data.len() > LONGEST_EVENT {
                return Err(TooLong);
            }
        }
        Ok(events)
    }

    fn end_of_line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            let data = std::mem::take(&mut self.data);
            let name = if name.is_empty() { "message".to_owned() } else { name };
            return std::mem::take(&mut self.has_data).then_some(Event { name, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.data.push_str(value);
                self.has_data = true;
            }
            // A comment (the server's sign of life), or a field that says nothing here.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> Event {
        Event { name: name.into(), data: data.into() }
    }

    #[test]
    fn events_are_the_same_wherever_the_stream_is_cut() {
        let stream =
            ": hello\r\n\r\nevent: progress\ndata: {\"a\":\ndata: \"ü\"}\n\nid: 7\rdata:x\r\revent: end\ndata: \n\n".as_bytes();
        let expected = [event("progress", "{\"a\":\n\"ü\"}"), event("message", "x"), event("end", "")];
        for cut in 0..stream.len() {
            let mut reader = EventReader::default();
            let mut events = reader.push(&stream[..cut]).unwrap();
            events.extend(reader.push(&stream[cut..]).unwrap());
            assert_eq!(events, expected, "cut at {cut}");
        }
    }

    #[test]
    fn a_stream_without_end_of_line_does_not_fill_the_memory() {
        let mut reader = EventReader::default();
        let piece = vec![b'x'; 1 << 20];
        let outcome = (0..=LONGEST_EVENT >> 20).find_map(|_| reader.push(&piece).err());
        assert_eq!(outcome, Some(TooLong));
    }
}
