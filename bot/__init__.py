"""The Flipbook process: settings, wiring, the queue, the GPU thread and delivery to Discord."""
