;;; probe.el --- What Emacs makes of the server's answers -*- lexical-binding: t -*-

;; `emacs --batch -Q -l SETUP -l probe.el -f probe-NAME FILE REPORT`: what a probe returns is written as JSON.

;;; Code:

(require 'eglot)
(require 'flymake)
(require 'json)

(defun probe-until (what look)
  "Return what LOOK returns once that is not nil; WHAT names it where it never is."
  (let ((end (+ (float-time) 20)) found)
    (while (not (setq found (funcall look)))
      (when (> (float-time) end) (error "Waited in vain for %s" what))
      (accept-process-output nil 0.02))
    found))

(defun probe-findings ()
  "Return what Flymake shows, once the server has looked."
  (mapcar #'flymake-diagnostic-text (probe-until "findings" #'flymake-diagnostics)))

(defun probe-open (file)
  "Open FILE and connect, as \\[eglot] does."
  (find-file file)
  (let ((inhibit-message t)) (call-interactively #'eglot))
  (probe-until "a server" #'eglot-managed-p))

(defun probe-hover ()
  "Return the hover over the placeholder that is mistyped."
  (search-forward "<<nm")
  (let (said)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq said (or text ""))))
    (substring-no-properties (probe-until "a hover" (lambda () said)))))

(defun probe-completion ()
  "Complete the name of a variable, and return the line."
  (search-forward "<<nmae>>")
  (insert " <<nam")
  (completion-at-point)
  (buffer-substring-no-properties (line-beginning-position) (line-end-position)))

(defun probe-action ()
  "Do the first quick fix, and return the file once it has nothing to complain of."
  (probe-findings)
  (search-forward "<<nm")
  (let ((actions (eglot-code-actions (point) (point) "quickfix")))
    (eglot-execute (eglot-current-server) (elt actions 0)))
  ;; Saving sends what has changed; otherwise Emacs does so when it is idle, which it never is without a screen.
  (save-buffer)
  (probe-until "the end of the finding" (lambda () (null (flymake-diagnostics))))
  (buffer-string))

(defun probe-main ()
  "Run the probe that the arguments name."
  (pcase-let ((`(,probe ,file ,report) command-line-args-left))
    (setq command-line-args-left nil)
    (probe-open file)
    (goto-char (point-min))
    (let ((result (funcall (intern (concat "probe-" probe)))))
      (with-temp-file report (insert (json-encode result))))
    (eglot-shutdown (eglot-current-server))
    (kill-emacs 0)))

;;; probe.el ends here
