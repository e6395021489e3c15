"""The parts of the XLSX exporter: the workbook, its tables, their numbers and its charts."""
