"""The third-party packages of a design: those it declares, and those it can't do without."""

import sys
from collections.abc import Iterable

from paper2code.artifacts import Dependencies, Package
from paper2code.checks.modules import is_test

_DISTRIBUTIONS = {
    "Bio": "biopython",
    "PIL": "pillow",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "hydra": "hydra-core",
    "mpl_toolkits": "matplotlib",
    "ot": "POT",
    "pkg_resources": "setuptools",
    "pytorch_lightning": "pytorch-lightning",
    "rouge_score": "rouge-score",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "skopt": "scikit-optimize",
    "torch_geometric": "torch-geometric",
    "umap": "umap-learn",
    "yaml": "PyYAML",
}
"""Distributions whose import name differs, for packages that a file uses and nobody declared."""

_IMPORT_NAMES = {
    **{distribution.lower(): name for name, distribution in _DISTRIBUTIONS.items()},
    "faiss-gpu": "faiss",
    "matplotlib": "matplotlib",
    "opencv-contrib-python": "cv2",
    "opencv-python": "cv2",
    "tensorflow-cpu": "tensorflow",
}
"""What distributions of other names are imported as, for where that is declared wrongly."""

_REQUIRED_BY = {
    "cv2": ("numpy",),
    "datasets": ("huggingface_hub", "numpy", "pandas", "pyarrow", "requests", "tqdm"),
    "flax": ("jax", "jaxlib", "numpy", "optax"),
    "gymnasium": ("numpy",),
    "jax": ("jaxlib", "numpy", "scipy"),
    "lightning": ("pytorch_lightning", "torch", "torchmetrics"),
    "matplotlib": ("PIL", "mpl_toolkits", "numpy"),
    "optax": ("jax", "jaxlib", "numpy"),
    "pandas": ("numpy",),
    "pytorch_lightning": ("torch", "torchmetrics"),
    "scipy": ("numpy",),
    "seaborn": ("matplotlib", "numpy", "pandas"),
    "sentence_transformers": ("numpy", "scipy", "sklearn", "torch", "tqdm", "transformers"),
    "skimage": ("PIL", "networkx", "numpy", "scipy"),
    "sklearn": ("joblib", "numpy", "scipy"),
    "statsmodels": ("numpy", "pandas", "scipy"),
    "tensorflow": ("keras", "numpy"),
    "timm": ("huggingface_hub", "safetensors", "torch", "torchvision"),
    "torch_geometric": ("numpy", "tqdm"),
    "torchvision": ("PIL", "numpy", "torch"),
    "transformers": ("huggingface_hub", "numpy", "requests", "safetensors", "tokenizers", "tqdm", "yaml"),
}
"""What pip installs along with a package, for those that papers' code is full of."""


def installed(dependencies: Dependencies) -> frozenset[str]:
    """The top-level names that can be imported once all packages are installed."""
    named = _names(third_party(dependencies))
    return frozenset(named.union(*(_REQUIRED_BY.get(name, ()) for name in named)))


def third_party(dependencies: Dependencies) -> tuple[Package, ...]:
    """All packages that the files need, each once, in the order in which they are named.

    Beside the declared ones these are packages that only a file's own list names, and pytest where tests are
    planned. Modules of the standard library, which models like to declare too, are left out.
    """
    found = {
        package.import_name: package
        for package in dependencies.packages
        if package.import_name not in sys.stdlib_module_names
    }
    named = _names(found.values())
    for file in dependencies.files:
        implied = [*file.packages, *(["pytest"] if is_test(file.path) else [])]
        for import_name in implied:
            top = import_name.partition(".")[0]
            if not top.isidentifier() or top in sys.stdlib_module_names:
                continue
            if top not in named:
                found[top] = Package(
                    distribution=_DISTRIBUTIONS.get(top, top),
                    import_name=top,
                    version="",
                    reason=f"Used by {file.path}",
                )
                named |= _names([found[top]])
    return tuple(found.values())


def _names(packages: Iterable[Package]) -> set[str]:
    """Top-level names of packages, as declared and as their distributions have them."""
    return {
        name
        for package in packages
        for name in (package.import_name.partition(".")[0], _imported_as(package.distribution))
    }


def _imported_as(distribution: str) -> str:
    """The name by which a distribution is likely imported."""
    plain = distribution.partition("[")[0].strip().lower().replace("_", "-")
    return _IMPORT_NAMES.get(plain, plain.replace("-", "_"))
