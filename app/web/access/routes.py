"""All addresses of signing in, of tokens and of the log of acts."""

from __future__ import annotations

from fastapi import APIRouter

from app.web.access.access import Access
from app.web.access.audit import audit_router
from app.web.access.sign_in import sign_in_router
from app.web.access.tokens import tokens_router
from app.web.site import Site


def access_router(site: Site, access: Access) -> APIRouter:
    router = APIRouter()
    router.include_router(sign_in_router(access))
    router.include_router(tokens_router(site, access))
    router.include_router(audit_router(site, access))
    return router
