"""What people do in talks. The places (challenges, ideas, projects) open their thread and call :func:`writing.add`."""
