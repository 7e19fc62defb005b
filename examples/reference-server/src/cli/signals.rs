//! Being asked to stop.

use std::io;

use futures_util::stream::{self, BoxStream, StreamExt as _};

/// An item for each time that somebody asks this process to stop: Ctrl-C, or SIGTERM where there are signals. From now on
/// those do not end the process by themselves.
#[cfg(unix)]
pub(crate) fn interrupts() -> io::Result<BoxStream<'static, ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let signals = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let interrupts = stream::unfold(signals, |(mut interrupt, mut terminate)| async {
        let came = tokio::select! {
            came = interrupt.recv() => came,
            came = terminate.recv() => came,
        };
        came.map(|()| ((), (interrupt, terminate)))
    });
    Ok(interrupts.boxed())
}

/// An item for each time that somebody presses Ctrl-C. From now on that does not end the process by itself.
#[cfg(not(unix))]
pub(crate) fn interrupts() -> io::Result<BoxStream<'static, ()>> {
    let interrupts = stream::unfold((), |()| async { tokio::signal::ctrl_c().await.ok().map(|()| ((), ())) });
    Ok(interrupts.boxed())
}

/// Waits until somebody asks this process to stop.
pub(crate) async fn stopped(mut interrupts: BoxStream<'static, ()>) {
    interrupts.next().await;
}
