"""Machine code is kept from one process to the next, where it can be."""

from contextlib import suppress
from typing import Any, TypeVar

Kernel = TypeVar("Kernel", bound=Any)


def cached(kernel: Kernel) -> Kernel:
    """Have numba keep a function's machine code: beside the module, else in the user's cache folder.

    Where neither can be written, ``numba.njit(cache=True)`` refuses the function. Here it is compiled anew in
    each process. A plain function, which ``NUMBA_DISABLE_JIT`` makes of a decorated one, stays as it is.

    Parameters
    ----------
    kernel : function decorated by ``numba.njit``
        It is changed in place.

    Returns
    -------
    the same
        So that this is a decorator.

    Examples
    --------
    >>> from numba import njit
    >>> @cached
    ... @njit
    ... def twice(number):
    ...     return 2 * number
    >>> twice(3)
    6
    """
    with suppress(RuntimeError, AttributeError):
        kernel.enable_caching()
    return kernel
