" Settings for .kpi files.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal comments=:#
setlocal commentstring=#\ %s
setlocal formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal autoindent
setlocal suffixesadd=.kpi
" An item begins with its keyword at the first column: ]] and [[ go from one to the next.
nnoremap <buffer> <silent> ]] :call search('^\l\+\>', 'W')<CR>
nnoremap <buffer> <silent> [[ :call search('^\l\+\>', 'bW')<CR>

let b:undo_ftplugin = 'setlocal comments< commentstring< formatoptions< expandtab< shiftwidth< softtabstop< autoindent< suffixesadd<'
      \ .. '| silent! nunmap <buffer> ]]| silent! nunmap <buffer> [['
