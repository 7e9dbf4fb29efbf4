"""Cells that ask a kernel for everything that notebooks do: what an engine must do alike."""

CELLS = [
    "1 + 1",
    "print('to standard output'); import sys; print('to standard error', file=sys.stderr)",
    "import pandas as pd; pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
    "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>bold</b>'), Markdown('*x*'), {'a': 1})",
    "handle = display('first', display_id='one')\nhandle.update('second')",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('left')",
    "print('gone too'); clear_output(wait=True); print('kept')",
    "display({'application/json': {'deep': [1, None]}, 'text/plain': 'json'}, raw=True)",
    "class Own:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'own', 'image/svg+xml': '<svg/>'}, {'text/plain': {'meta': 1}}\nOwn()",
    "_",
    "In[1], len(Out), Out[1]",
    "x = 5; x;",
    "%time_is_no_magic = 1" if False else "get_ipython().__class__.__name__",
    "%env LANG_OF_NOTEBOOK=en",
    "import os; os.environ['LANG_OF_NOTEBOOK']",
    "%%capture held\nprint('captured')",
    "held.stdout",
    "!echo from a shell",
    "found = !echo listed\nfound",
    "import subprocess; subprocess.run(['echo', 'from a subprocess']).returncode",
    "os.write(1, b'to the descriptor') and None",
    "import asyncio\nawait asyncio.sleep(0)\nprint('awaited')",
    "import warnings; warnings.warn('a warning')",
    "import logging; logging.getLogger('cells').warning('logged')",
    "pd.get_option('display.max_columns'), pd.get_option('display.notebook_repr_html')",
    "def f():\n    yield 1\nlist(f())",
    "import random; isinstance(random.random(), float)",
    "__name__, '__file__' in globals()",
    "from tqdm.auto import tqdm\nfor _ in tqdm(range(3), disable=True): pass",
    "%%timeit_is_no_cell_magic"
    if False
    else "%lsmagic?"
    if False
    else "print('a', end=''); print('b', flush=True); print('c')",
    "import sys; sys.stdout.isatty(), sys.stdout.encoding, sys.argv[1:] and 'has arguments'",
    "b'bytes', 1e100, float('nan'), None",
    "import matplotlib_inline" if False else "''.join(chr(c) for c in (0x41, 0x20AC, 0x1F600))",
    "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "import threading\nt = threading.Thread(target=lambda: print('from a thread')); t.start(); t.join()",
    "type('Quiet', (), {'__repr__': lambda self: ''})()",
    "%precision 3\n3.14159265",
    "get_ipython().run_line_magic('who_ls', 'int')",
    "raise SystemExit(0)" if False else "import time; time.sleep(0.01)",
]
FAILING = [
    "1 / 0",
    "def inner():\n    raise ValueError('a message\\nof two lines')\ninner()",
    "this is no Python",
    "input('a question')",
    "%no_such_magic",
    "from aimlib.errors import AimError\nraise AimError('What is wrong.', 'How to mend it.')",
]
