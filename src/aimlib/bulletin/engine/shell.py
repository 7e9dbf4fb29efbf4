"""Running cells in this very process, with the shell of an ordinary kernel and its messages.

The shell is ipykernel's own, down to the class's name, by which libraries know that they are in a notebook. In the
place of sockets it gets a session that hands each message over.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import io
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

Send = Callable[[str, dict[str, Any]], None]
_NO_INPUT = "raw_input was called, but this frontend does not support input requests."


class HandOver(Session):
    """A session whose messages go to a function instead of a socket."""

    hand: Send | None = None

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, **rest):
        """Hand over the message's type and content."""
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        if HandOver.hand is not None:
            HandOver.hand(message["header"]["msg_type"], message["content"])
        return message


class OutStream(io.TextIOBase):
    """Standard output or error of a cell: text goes out as a message when a line of output is due."""

    encoding = "UTF-8"
    errors = "backslashreplace"

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = name
        self._descriptor = descriptor
        self._held: list[str] = []

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._held.append(text)
        return len(text)

    def flush(self) -> None:
        text = "".join(self._held)
        self._held.clear()
        if text and HandOver.hand is not None:
            HandOver.hand("stream", {"name": self.name, "text": text})

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True


class _Descriptor:
    """What subprocesses and C code write to a file descriptor, handed over as a stream."""

    def __init__(self, name: str, number: int) -> None:
        self._number = number
        self._end = f"\x00end of cell {os.getpid()}\x00".encode()
        self._drained = threading.Semaphore(0)
        self._reading, writing = os.pipe()
        os.dup2(writing, number)
        os.close(writing)
        threading.Thread(target=self._read, args=(name,), daemon=True).start()

    def drain(self) -> None:
        """Return when all that was written so far has been handed over."""
        os.write(self._number, self._end)
        self._drained.acquire(timeout=5)

    def _read(self, name: str) -> None:
        held = b""
        while chunk := os.read(self._reading, 1 << 16):
            held += chunk
            if self._end in held:
                held = held.replace(self._end, b"")
                self._say(name, held)
                held = b""
                self._drained.release()
            elif b"\x00" not in held:
                self._say(name, held)
                held = b""

    @staticmethod
    def _say(name: str, told: bytes) -> None:
        if told and HandOver.hand is not None:
            HandOver.hand("stream", {"name": name, "text": told.decode(errors="replace")})


def new_shell(folder: str) -> ZMQInteractiveShell:
    """Return the process's shell; `folder` stands for the user's IPython folder, whose startup files stay out."""
    config = Config()
    config.HistoryManager.enabled = False
    config.ZMQInteractiveShell.autoindent = False
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    os.environ["IPYTHONDIR"] = folder
    shell = ZMQInteractiveShell.instance(config=config, compiler_class=XCachingCompiler, ipython_dir=folder)
    session = HandOver(key=b"")
    shell.displayhook.session = shell.display_pub.session = session
    shell.displayhook.pub_socket = shell.display_pub.pub_socket = object()
    shell.displayhook.topic, shell.display_pub.topic = b"execute_result", b"display_data"
    return shell


class Cells:
    """The cells of one notebook, run one after the other in this process. Made once a process, after the fork."""

    def __init__(self, shell: ZMQInteractiveShell, send: Send) -> None:
        HandOver.hand = send
        self._shell = shell
        self._send = send
        self._streams = OutStream("stdout", 1), OutStream("stderr", 2)
        self._descriptors = _Descriptor("stdout", 1), _Descriptor("stderr", 2)
        sys.stdout, sys.stderr = self._streams
        sys.displayhook = shell.displayhook
        builtins.input = getpass.getpass = _refuse_input
        # What the notebook runs concurrently between its cells lives on one loop, as in a kernel.
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    def run(self, source: str, keep: bool = True) -> dict[str, Any]:
        """Run a cell and return the reply's content: status, and of an error ename, evalue and traceback."""
        shell = self._shell
        self._send("execute_input", {"code": source, "execution_count": shell.execution_count})
        transformed, raised = source, None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            raised = sys.exc_info()
        result = self._loop.run_until_complete(
            shell.run_cell_async(
                source, store_history=keep, silent=False, transformed_cell=transformed, preprocessing_exc_tuple=raised
            )
        )
        if keep:
            shell.events.trigger("post_execute")
        for stream in self._streams:
            stream.flush()
        for descriptor in self._descriptors:
            descriptor.drain()
        fault = result.error_before_exec or result.error_in_exec
        if fault is None:
            return {"status": "ok", "execution_count": shell.execution_count - 1}
        return {
            "status": "error",
            "ename": type(fault).__name__,
            "evalue": str(fault),
            "traceback": getattr(shell, "_last_traceback", None) or [],
        }


def _refuse_input(prompt: str = "", stream: object = None) -> str:
    from IPython.core.error import StdinNotImplementedError

    raise StdinNotImplementedError(_NO_INPUT)
