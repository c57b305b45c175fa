autocmd BufNewFile,BufRead *.kpi setfiletype kpi
