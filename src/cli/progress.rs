//! How far a long command is, as a bar on the terminal. Nothing is drawn when the output is no terminal.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Gone from the screen when dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    length: AtomicU64,
}

impl Progress {
    /// A bar that says what is being done.
    pub(super) fn new(doing: &'static str) -> Progress {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(doing);
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress { bar, length: AtomicU64::new(0) }
    }

    /// Says what is being done now.
    pub(super) fn next(&self, doing: &'static str) {
        self.bar.set_message(doing);
    }

    /// So many done, of all.
    pub(super) fn step(&self, done: usize, all: usize) {
        if self.length.swap(all as u64, Ordering::Relaxed) != all as u64 {
            self.bar.set_length(all as u64);
        }
        self.bar.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
