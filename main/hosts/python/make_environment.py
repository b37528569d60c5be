"""Makes a virtual environment in the folder that is named, in which everything is found that this interpreter finds."""

import os
import sys
import sysconfig
import venv

target = sys.argv[1]


def sees_system(prefix):
    """Whether the virtual environment in effect passes on the packages of its own base."""
    with open(os.path.join(prefix, "pyvenv.cfg"), encoding="utf-8") as file:
        settings = dict(line.split("=", 1) for line in file if "=" in line)
    by_name = {name.strip().lower(): value.strip().lower() for name, value in settings.items()}
    return by_name.get("include-system-site-packages") == "true"


is_nested = sys.prefix != sys.base_prefix
# Without pip: that of the interpreter serves where it has one, and takes seconds less.
venv.EnvBuilder(
    system_site_packages=not is_nested or sees_system(sys.prefix),
    symlinks=os.name != "nt",
    with_pip=False,
).create(target)
if is_nested:
    # An environment inside one sees the packages of their common base alone.
    scheme = "nt" if os.name == "nt" else "posix_prefix"
    place = sysconfig.get_path("purelib", scheme, {"base": target, "platbase": target})
    outer = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    with open(os.path.join(place, "outer.pth"), "w", encoding="utf-8") as file:
        file.writelines("import site; site.addsitedir(%r)\n" % path for path in outer)
