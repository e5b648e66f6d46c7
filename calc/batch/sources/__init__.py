"""What is handed in, a file, a folder, a pipe, a workbook, as pieces for workers."""
