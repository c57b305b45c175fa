#!/usr/bin/env python3
"""From a save to the report: how long `kpi watch` takes until a changed title stands in the page.

    benches/save.py KPI PROJECT SPEC TITLE [PAGE]

PROJECT is copied (large data linked), SPEC is a file of it in which TITLE stands, PAGE the page of
the report (out/monthly.html). Saves in place and by renaming take turns, a second apart. Prints the
least, the median and the most of twenty, in milliseconds.
"""
import os, shutil, statistics, subprocess, sys, tempfile, time

kpi, project, spec, title = sys.argv[1:5]
page = sys.argv[5] if len(sys.argv) > 5 else 'out/monthly.html'


def copy(source, target):
    # A gigabyte needs no second place.
    try:
        os.link(source, target) if os.path.getsize(source) > 32 << 20 else shutil.copy2(source, target)
    except OSError:
        shutil.copy2(source, target)


with tempfile.TemporaryDirectory() as work:
    place = os.path.join(work, 'project')
    shutil.copytree(project, place, copy_function=copy, ignore=shutil.ignore_patterns('out'))
    watch = subprocess.Popen(
        [os.path.abspath(kpi), 'watch', '--format', 'html'], cwd=place,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, 'KPI_CACHE': os.path.join(work, 'cache')},
    )
    try:
        report, path = os.path.join(place, page), os.path.join(place, spec)
        while not os.path.exists(report):
            time.sleep(0.05)
        # What files gave is kept once they have been at rest for a while.
        time.sleep(6)
        text, took = open(path).read(), []
        assert title in text, f'{title} is not in {spec}'
        for turn in range(20):
            name = f'{title} {turn}'
            beside = path if turn % 2 else os.path.join(place, '.beside')
            with open(beside, 'w') as file:
                file.write(text.replace(title, name))
            if beside != path:
                os.rename(beside, path)
            begun = time.perf_counter()
            while name not in open(report).read():
                time.sleep(0.001)
            took.append((time.perf_counter() - begun) * 1000)
            time.sleep(1)
    finally:
        watch.terminate()
        watch.wait()
    print(f'{min(took):.0f} {statistics.median(took):.0f} {max(took):.0f} ms')
