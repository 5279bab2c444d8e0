"""What Comptoir promises about speed and size, measured. Run: ``make bench``."""

import os

# As web and worker have it, before numpy is loaded by whichever benchmark.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
