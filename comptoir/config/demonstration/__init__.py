"""Two invented companies to look at Comptoir with: `comptoir demo load`, and the first start."""

from comptoir.config.demonstration.loading import ADMINISTRATOR, load_demonstration

__all__ = ["ADMINISTRATOR", "load_demonstration"]
