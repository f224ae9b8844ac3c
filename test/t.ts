import { listContexts } from '../src/cluster/kubeconfig/contexts.ts';
for (const f of ['dup','ts','sx','sx2','on','yn']) try { console.log(f, JSON.stringify(listContexts({path:'/tmp/kg-cluster-transport/'+f,env:{},homeDir:'/'}))) } catch(e:any){console.log(f,e.message)}
