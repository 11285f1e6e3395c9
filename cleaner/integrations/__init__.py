"""Engines that clean many articles: a thin module each, which alone imports that engine. See docs/pipelines.md."""
