"""The viewer's device: camera, faces, emotions, outbox, publisher."""
