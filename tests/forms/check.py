"""See run.sh: what a message and a workbook hold is what the JSON of the report says."""

import email
import email.policy
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(path):
    """The cells of each sheet, row by row, and whether it begins at the right."""
    with zipfile.ZipFile(path) as book:
        root = ET.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(t.text or "" for t in s.iter(f"{MAIN}t")) for s in root]
        names = sorted(n for n in book.namelist() if n.startswith("xl/worksheets/sheet"))
        for name in names:
            sheet = ET.fromstring(book.read(name))
            right = sheet.find(f".//{MAIN}sheetView").get("rightToLeft") == "1"
            rows = []
            for row in sheet.iter(f"{MAIN}row"):
                cells = {}
                for cell in row:
                    value = cell.find(f"{MAIN}v")
                    if value is None:
                        continue
                    column = re.sub(r"\d", "", cell.get("r"))
                    shared = cell.get("t") == "s"
                    cells[column] = texts[int(value.text)] if shared else float(value.text)
                rows.append(cells)
            yield right, rows


def workbook(path, report):
    rtl = report["language"]["direction"] == "rtl"
    found = list(sheets(path))
    assert len(found) == 4, f"{path}: {len(found)} sheets"
    assert all(right == rtl for right, _ in found), f"{path}: the side that it begins at"
    rows = [row for section in report["sections"] for row in section["rows"]]
    score = found[0][1][1:]
    assert len(score) == len(rows) > 0, f"{path}: {len(score)} rows for {len(rows)}"
    for cells, row in zip(score, rows):
        assert cells["A"] == re.sub("[\u2066-\u2069\u200e\u200f]", "", row["title"]), cells
        if row["value"]["raw"] is not None:
            due = float(row["value"]["raw"]) / (86400 if row["value"]["unit"] == "seconds" else 1)
            assert abs(cells["D"] - due) <= 1e-9 * max(1, abs(due)), (cells, row["value"])


def message(path, report):
    data = path.read_bytes()
    assert len(data) < 100_000, f"{path}: {len(data)} bytes"
    found = email.message_from_bytes(data, policy=email.policy.default)
    parts = list(found.walk())
    assert not any(part.defects for part in parts), path
    assert report["period"]["text"] in found["subject"], found["subject"]
    html = next(p for p in parts if p.get_content_type() == "text/html").get_content()
    text = next(p for p in parts if p.get_content_type() == "text/plain").get_content()
    assert report["title"] in html and report["title"] in text
    pictures = {p["content-id"].strip("<>"): p for p in parts if p.get_content_type() == "image/png"}
    used = re.findall(r'<img src="cid:([^"]+)" alt="([^"]+)"', html)
    assert used and {cid for cid, _ in used} == set(pictures), path
    for part in pictures.values():
        assert part.get_payload(decode=True).startswith(b"\x89PNG"), path
    for forbidden in ("<style", "<svg", "<script", "<link", "http://", "https://", "var("):
        assert forbidden not in html, f"{path}: {forbidden}"


count = 0
for folder in map(pathlib.Path, sys.argv[1:]):
    for path in sorted(folder.glob("*.json")):
        report = json.loads(path.read_text("utf-8"))
        workbook(path.with_suffix(".xlsx"), report)
        message(path.with_suffix(".eml"), report)
        count += 1
assert count > 0, "no report"
print(f"{count} report(s): messages and workbooks hold what they should")
